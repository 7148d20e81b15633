import { describe, expect, it } from 'vitest';
import { Budget, type BudgetLine } from '../../../src/services/hub/budget.js';
import { hubThrottles, type RequestClass } from '../../../src/services/hub/throttles.js';
import { createManualClock } from '../support/manual-clock.js';

function createBudget(share = 0.8) {
  const clock = createManualClock();
  const budget = new Budget({ throttles: hubThrottles('S1', 1), share, clock });
  const line = (requestClass: RequestClass): BudgetLine => {
    const found = budget.lines().find((one) => one.requestClass === requestClass);
    if (!found) throw new Error('no such class');
    return found;
  };
  return { clock, budget, line };
}

/** Lets promises that are settled be seen. */
const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('hubThrottles', () => {
  it.each([
    [
      'S1',
      1,
      {
        TWIN_READS: 100,
        TWIN_WRITES: 50,
        QUERIES: 20,
        METHODS: 40,
        MESSAGES: 100,
        JOBS: 100,
        REGISTRY: 100,
      },
    ],
    [
      'S1',
      20,
      {
        TWIN_READS: 100,
        TWIN_WRITES: 50,
        QUERIES: 400,
        METHODS: 800,
        MESSAGES: 2_000,
        JOBS: 2_000,
        REGISTRY: 2_000,
      },
    ],
    [
      'S2',
      20,
      {
        TWIN_READS: 200,
        TWIN_WRITES: 100,
        QUERIES: 400,
        METHODS: 2_400,
        MESSAGES: 2_000,
        JOBS: 2_000,
        REGISTRY: 2_000,
      },
    ],
    [
      'S3',
      2,
      {
        TWIN_READS: 1_000,
        TWIN_WRITES: 500,
        QUERIES: 2_000,
        METHODS: 12_288,
        MESSAGES: 10_000,
        JOBS: 10_000,
        REGISTRY: 10_000,
      },
    ],
  ] as const)('of %s with %i units are those of the documentation', (tier, units, expected) => {
    const throttles = Object.entries(hubThrottles(tier, units));
    expect(Object.fromEntries(throttles.map(([name, { requests }]) => [name, requests]))).toEqual(
      expected,
    );
  });
});

describe('a budget', () => {
  it('lets through its share of the throttle in any interval, and not one more', async () => {
    const { clock, budget, line } = createBudget();
    let sent = 0;
    for (let request = 0; request < 200; request += 1) {
      void budget.take('TWIN_READS', 'IDLE').then(() => {
        sent += 1;
      });
    }
    await settle();
    expect([sent, line('TWIN_READS').waiting]).toEqual([80, 120]);

    clock.advance(999);
    await settle();
    expect(sent).toBe(80);
    clock.advance(1);
    await settle();
    expect(sent).toBe(160);
    clock.advance(1_000);
    await settle();
    expect(sent).toBe(200);
    expect(line('TWIN_READS')).toMatchObject({ limit: 80, allowed: 80, used: 40, waiting: 0 });
  });

  it('serves callers before operations before watchers, each in order', async () => {
    const { clock, budget } = createBudget(0.01);
    const served: string[] = [];
    const ask = (name: string, urgency: 'CALLER' | 'ACTIVE' | 'IDLE') =>
      void budget.take('TWIN_READS', urgency).then(() => served.push(name));
    ask('first', 'IDLE');
    ask('idle', 'IDLE');
    ask('active 1', 'ACTIVE');
    ask('caller', 'CALLER');
    ask('active 2', 'ACTIVE');
    for (let second = 0; second < 5; second += 1) {
      await settle();
      clock.advance(1_000);
    }
    await settle();

    expect(served).toEqual(['first', 'caller', 'active 1', 'active 2', 'idle']);
  });

  it('refuses a caller at once whose turn would come too late, and says when to come back', async () => {
    const { budget } = createBudget();
    for (let query = 0; query < 16; query += 1) await budget.take('QUERIES', 'CALLER');

    await expect(budget.take('QUERIES', 'CALLER')).rejects.toMatchObject({
      code: 'THROTTLED',
      message: "the gateway's budget of queries is used up; try again in 60 s",
    });
  });

  it('halves at once when the hub refuses, once for a burst, and recovers by tenths', () => {
    const { clock, budget, line } = createBudget();
    budget.refused('TWIN_READS');
    budget.refused('TWIN_READS');
    expect(line('TWIN_READS')).toMatchObject({ limit: 80, allowed: 40, throttled: 2 });

    clock.advance(1_000);
    budget.refused('TWIN_READS');
    expect(line('TWIN_READS').allowed).toBe(24);
    clock.advance(3_000);
    expect(line('TWIN_READS').allowed).toBe(48);
    clock.advance(4_000);
    expect(line('TWIN_READS').allowed).toBe(80);
    expect(line('QUERIES').allowed).toBe(16);
  });

  it('counts what a request costs, and lets one through that costs more than all', async () => {
    const { budget, line } = createBudget();
    await budget.take('METHODS', 'CALLER', { cost: 32 });
    expect(line('METHODS')).toMatchObject({ limit: 32, used: 32 });
    const { budget: other } = createBudget();
    await other.take('METHODS', 'CALLER', { cost: 1_000 });
  });

  it('forgets who gives up, and turns everybody away when it closes', async () => {
    const { budget, line } = createBudget(0.01);
    await budget.take('TWIN_READS', 'IDLE');
    const leaving = new AbortController();
    const left = budget.take('TWIN_READS', 'IDLE', { signal: leaving.signal });
    const waiting = budget.take('TWIN_READS', 'IDLE');
    leaving.abort(new Error('gone'));
    await expect(left).rejects.toThrow('gone');
    expect(line('TWIN_READS').waiting).toBe(1);

    budget.close();
    await expect(waiting).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  });
});
