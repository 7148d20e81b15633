import { describe, expect, it } from 'vitest';
import { Budget } from '../../../src/services/hub/budget.js';
import { hubThrottles } from '../../../src/services/hub/throttles.js';
import { BudgetDivision } from '../../../src/services/replicas/budget-division.js';
import type { Member } from '../../../src/services/replicas/session.js';
import { createManualClock } from '../support/manual-clock.js';

/** A gateway's share of an S1 hub: 100 twin reads a second in all. */
function createGateway(id: string, members: readonly Member[] = [{ id, demand: null }]) {
  const clock = createManualClock();
  const budget = new Budget({ throttles: hubThrottles('S1', 1), share: 1, clock });
  const division = new BudgetDivision();
  division.divide(id, members);
  division.add('pumps', budget);
  const line = () => {
    const lines = budget.lines().filter(({ requestClass }) => requestClass === 'TWIN_READS');
    const [found] = lines;
    if (!found) throw new Error('no budget of twin reads');
    return found;
  };
  return {
    id,
    budget,
    division,
    member: () => ({ id, demand: division.demand() }),
    allowed: () => line().allowed,
    waiting: () => line().waiting,
    /** Asks for so many reads; what is not its turn yet waits. */
    need(reads: number): void {
      for (let read = 0; read < reads; read += 1) void budget.take('TWIN_READS', 'IDLE');
    },
  };
}

type Gateway = ReturnType<typeof createGateway>;

/** What happens when each has told the others what it needs. */
function heartbeat(...gateways: readonly Gateway[]): void {
  const members = gateways.map((gateway) => gateway.member());
  for (const { id, division } of gateways) division.divide(id, members);
}

describe('the budget of a hub', () => {
  it('is all of a gateway that is alone', () => {
    const one = createGateway('one');

    heartbeat(one);

    expect(one.allowed()).toBe(100);
  });

  it('is divided evenly among gateways that need nothing', () => {
    const [one, two] = [createGateway('one'), createGateway('two')];

    heartbeat(one, two);

    expect([one.allowed(), two.allowed()]).toEqual([50, 50]);
  });

  it('goes to those who need it, but for a tenth of an equal part', () => {
    const [one, two] = [createGateway('one'), createGateway('two')];
    one.need(95);

    heartbeat(one, two);
    heartbeat(one, two);

    expect([one.allowed(), two.allowed()]).toEqual([95, 4]);
  });

  it('is given up at once, and taken only when the others have given it up', () => {
    const [one, two] = [createGateway('one'), createGateway('two')];
    heartbeat(one, two);
    one.need(95);

    heartbeat(one, two);
    const given = [one.allowed(), two.allowed()];
    heartbeat(one, two);

    expect(given).toEqual([50, 4]);
    expect([one.allowed(), two.allowed()]).toEqual([95, 4]);
  });

  it('turns no caller away for what is given up in favour of others, who would give it back', async () => {
    const [one, two] = [createGateway('one'), createGateway('two')];
    one.need(95);
    heartbeat(one, two);
    heartbeat(one, two);
    expect(two.allowed()).toBe(4);

    const callers = Array.from({ length: 200 }, () => two.budget.take('TWIN_READS', 'CALLER'));
    // 50 a second is what it would have if both needed all: the 301st would wait for 6 seconds.
    for (let caller = 200; caller < 400; caller += 1) {
      const turn = two.budget.take('TWIN_READS', 'CALLER');
      callers.push(turn.catch(() => {}));
    }

    expect(two.waiting()).toBeGreaterThanOrEqual(250);
    expect(two.waiting()).toBeLessThan(400);
    two.budget.close();
    await Promise.allSettled(callers);
  });

  it('is used by an equal part at most while the others cannot be heard', () => {
    const [one, two] = [createGateway('one'), createGateway('two')];
    one.need(95);
    heartbeat(one, two);
    heartbeat(one, two);

    one.division.holdBack();
    two.division.holdBack();

    expect([one.allowed(), two.allowed()]).toEqual([50, 4]);
  });

  it('is next to nothing for a newcomer, until the others know of it', () => {
    const one = createGateway('one');
    heartbeat(one);
    const two = createGateway('two', [one.member(), { id: 'two', demand: null }]);

    const first = two.allowed();
    heartbeat(one, two);
    const second = two.allowed();
    heartbeat(one, two);

    expect([first, second, two.allowed()]).toEqual([1, 1, 50]);
  });

  it('is nothing to a gateway that the others do not know, but for one request', () => {
    const [one, two] = [createGateway('one'), createGateway('two')];

    two.division.divide('two', [one.member()]);

    expect(two.allowed()).toBe(1);
  });

  it('is given up by one that was taken for dead, and won again as by a newcomer', () => {
    const [one, two] = [createGateway('one'), createGateway('two')];
    heartbeat(one, two);

    two.division.giveUp();
    heartbeat(one, two);
    const first = two.allowed();
    heartbeat(one, two);

    expect([first, two.allowed()]).toEqual([1, 50]);
  });
});
