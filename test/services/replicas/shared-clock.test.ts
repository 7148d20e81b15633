import { describe, expect, it } from 'vitest';
import { SharedClock } from '../../../src/services/replicas/shared-clock.js';
import { createManualClock } from '../support/manual-clock.js';

/** Asks a database that is an hour ahead; the answer takes so long there, and so long back. */
function ask(
  local: ReturnType<typeof createManualClock>,
  clock: SharedClock,
  there: number,
  back: number,
) {
  const answer = clock.sample();
  local.advance(there);
  const time = local.now() + 3_600_000;
  local.advance(back);
  answer(time);
}

describe("the database's time", () => {
  it('is told by halves of the way there and back, and never further off than a half', () => {
    const local = createManualClock();
    const clock = new SharedClock(local);

    ask(local, clock, 10, 30);

    expect(clock.now() - local.now() - 3_600_000).toBe(-10);
    expect(clock.error).toBe(20);
  });

  it('is taken from the quickest answer', () => {
    const local = createManualClock();
    const clock = new SharedClock(local);
    ask(local, clock, 2, 2);

    ask(local, clock, 0, 1_000);

    expect(clock.now() - local.now()).toBe(3_600_000);
    expect(clock.error).toBeLessThan(3);
  });

  it('is asked for anew when the quickest answer is long ago', () => {
    const local = createManualClock();
    const clock = new SharedClock(local);
    ask(local, clock, 2, 2);

    for (let heartbeat = 0; heartbeat < 100; heartbeat += 1) ask(local, clock, 10, 30);

    expect(clock.now() - local.now() - 3_600_000).toBe(-10);
  });

  it('follows at once when the clock of this machine is set', () => {
    const local = createManualClock();
    let set = 0;
    const clock = new SharedClock({ now: () => local.now() + set, after: local.after });
    ask(local, clock, 1, 1);

    set = -600_000;
    ask(local, clock, 20, 20);

    expect(clock.now() - local.now()).toBe(3_600_000);
  });
});
