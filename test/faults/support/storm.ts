import { expect, vi } from 'vitest';
import type { TestEmulator } from '../../emulator/support/emulator.js';
import { createCleanup } from '../../support/cleanup.js';
import { type GatewayProcess, startGatewayProcess } from '../../support/gateway.js';
import {
  type OperationStateFragment,
  OperationsDocument,
  type OperationsQuery,
  RebootDeviceDocument,
} from '../../support/operations.js';
import { type CountingFleet, conducts, startCountingFleet } from './counting-fleet.js';
import { dyingAt, type Environment, later, type Preload, preloading } from './preloads.js';
import { type Chance, createChance } from './random.js';

export interface StormOptions {
  readonly emulator: TestEmulator;
  /** Where the gateways keep what they know: DATA_DIR for one, DATABASE_URL for several. */
  readonly environment: Environment;
  /** How many run at a time. */
  readonly gateways: number;
  readonly operations: number;
  readonly kills: number;
  readonly seed: number;
}

/** One operation, as its caller and its device know it. */
export interface Outcome {
  readonly key: string;
  readonly deviceId: string;
  /** As it stands in the end. */
  readonly operation: OperationStateFragment;
  /** Whether asking again with its key began something anew: then it had been lost. */
  readonly lost: boolean;
  /** The ids that the caller was ever given for it. */
  readonly ids: ReadonlySet<string>;
}

export interface Storm {
  readonly outcomes: readonly Outcome[];
  readonly fleet: CountingFleet;
  /** What each gateway died of. */
  readonly deaths: readonly string[];
  /** How many operations the journal holds. */
  readonly recorded: number;
}

interface Wish {
  readonly key: string;
  readonly deviceId: string;
  readonly ids: Set<string>;
}

/** Past every deadline of the tutorials' profiles (ms). */
const FIVE_MINUTES = 300_000;
/** How long things may take to end, and how often to look (ms). */
const patience = { timeout: 60_000, interval: 200 };

/** Asks for operations while gateways are killed at random, and gives what came of them in the end. */
export async function runStorm(options: StormOptions): Promise<Storm> {
  const { emulator, environment, gateways, operations, kills, seed } = options;
  const chance = createChance(seed);
  const cleanup = createCleanup();
  const places = Array.from({ length: gateways }, (_, place) => place);
  const fleet = cleanup.use(
    await startCountingFleet(emulator, Math.ceil(operations * 0.6), () => conductBy(chance)),
  );
  const alive = new Map<number, GatewayProcess>();
  cleanup.defer(() => Promise.all([...alive.values()].map((it) => it[Symbol.asyncDispose]())));
  const wishes: Wish[] = [];
  const deaths: string[] = [];
  const batch = Math.ceil(operations / kills);
  try {
    for (const place of places.slice(1)) await start(place);
    for (let kill = 0; kill < kills; kill += 1) deaths.push(await liveAndDie(kill % gateways));
    await letEverythingEnd();
    return { ...(await result()), fleet, deaths };
  } finally {
    await cleanup[Symbol.asyncDispose]();
  }

  async function start(place: number, ...preloads: readonly Preload[]): Promise<GatewayProcess> {
    await alive.get(place)?.[Symbol.asyncDispose]();
    alive.delete(place);
    const gateway = await startGatewayProcess({ ...environment, ...preloading(...preloads) });
    alive.set(place, gateway);
    return gateway;
  }

  /** One life of a gateway, with new operations; gives what it died of. */
  async function liveAndDie(place: number): Promise<string> {
    const count = Math.min(batch, operations - wishes.length);
    const share = Math.floor(count / gateways);
    const inside = share > 0 && chance.next() < 0.5;
    // Each operation that goes its way passes at least seven seams.
    const death = inside ? dyingAt('ANY', chance.between(1, 7 * share)) : undefined;
    const callsLeft = chance.between(1, Math.max(1, share));
    let victim: GatewayProcess | undefined;
    try {
      victim = await start(place, ...(death ? [death] : []));
      const unanswered = wishes.filter(({ ids }) => ids.size === 0);
      const asked = askAll([...unanswered, ...(await makeWishes(count))]);
      if (share === 0) await asked;
      else if (!death) await calls(callsLeft);
      if (!death) victim.program.kill('SIGKILL');
      await victim.program.exit();
      await asked;
      return deathOf(victim.program.output);
    } catch (error) {
      // It may die of what it recovers: while it starts, or while it is asked what is open.
      if (death && /died at/.test(String(error))) return deathOf(String(error));
      if (!death || !victim || !isCutOff(error)) throw error;
      await victim.program.exit();
      return deathOf(victim.program.output);
    }
  }

  /** New ones, on devices that no open operation holds. */
  async function makeWishes(count: number): Promise<readonly Wish[]> {
    const unanswered = wishes.filter(({ ids }) => ids.size === 0);
    const holding = [...(await openWishes()), ...unanswered];
    const busy = new Set(holding.map(({ deviceId }) => deviceId));
    const free = fleet.deviceIds.filter((deviceId) => !busy.has(deviceId));
    const made = Array.from({ length: count }, (_, index) => {
      const [deviceId] = free.splice(chance.between(0, free.length - 1), 1);
      if (deviceId === undefined) throw new Error('every device is busy');
      return { key: `${seed}-${wishes.length + index}`, deviceId, ids: new Set<string>() };
    });
    wishes.push(...made);
    return made;
  }

  /** Asks each of a gateway, in turn; one that dies meanwhile gives no answer. */
  async function askAll(wanted: readonly Wish[]): Promise<void> {
    const asked = [...alive.values()];
    await Promise.all(
      wanted.map(async (wish, index) => {
        const answer = await asked[index % asked.length]
          ?.execute(RebootDeviceDocument, { input: inputOf(wish) })
          .catch(() => undefined);
        if (answer === undefined) return;
        expect(answer.errors).toEqual([]);
        wish.ids.add(answer.data?.rebootDevice?.operation.id ?? 'none');
      }),
    );
  }

  /** Resolves when so many calls have come to the devices. */
  function calls(count: number): Promise<void> {
    let left = count;
    return new Promise((resolve) => {
      fleet.onCall = () => {
        left -= 1;
        if (left <= 0) resolve();
      };
    });
  }

  /** First what can by what the devices do, then the rest by its deadline. */
  async function letEverythingEnd(): Promise<void> {
    for (const place of places) await start(place);
    const unanswered = wishes.filter(({ ids }) => ids.size === 0);
    await askAll([...unanswered, ...(await makeWishes(operations - wishes.length))]);
    await vi.waitFor(async () => {
      const open = await openWishes();
      expect(open.filter(({ key }) => fleet.calls.get(key)?.reported)).toEqual([]);
    }, patience);
    for (const place of places) await start(place, later(FIVE_MINUTES));
    await vi.waitFor(async () => expect(await openWishes()).toEqual([]), patience);
  }

  async function openWishes(): Promise<readonly Wish[]> {
    const status = ['REQUESTED', 'SENDING', 'ACCEPTED', 'IN_PROGRESS'] as const;
    const open = new Set((await list({ status: [...status] })).map(({ id }) => id));
    return wishes.filter(({ ids }) => [...ids].some((id) => open.has(id)));
  }

  async function list(where: object) {
    const [gateway] = alive.values();
    if (!gateway) throw new Error('no gateway is alive');
    const nodes = [];
    let after: string | null = null;
    do {
      const data: OperationsQuery = await gateway.data(OperationsDocument, {
        where,
        first: 100,
        after,
      });
      const { nodes: page, pageInfo } = data.operations;
      nodes.push(...page);
      after = pageInfo.hasNextPage ? (pageInfo.endCursor ?? null) : null;
    } while (after !== null);
    return nodes;
  }

  async function result() {
    const recorded = (await list({})).length;
    const [gateway] = alive.values();
    if (!gateway) throw new Error('no gateway is alive');
    const outcomes: Outcome[] = [];
    for (const wish of wishes) {
      const { rebootDevice } = await gateway.data(RebootDeviceDocument, { input: inputOf(wish) });
      if (!rebootDevice) throw new Error('no payload');
      const { operation, started } = rebootDevice;
      outcomes.push({ ...wish, operation, lost: started });
    }
    return { outcomes, recorded };
  }
}

/** Five seconds for the device to answer, the least there is. */
function inputOf({ key, deviceId }: Wish) {
  return { deviceId, idempotencyKey: key, payload: { key }, responseTimeoutSeconds: 5 };
}

/** How `fetch` fails when the other side is no more. */
function isCutOff(error: unknown): boolean {
  return error instanceof TypeError && error.message === 'fetch failed';
}

function deathOf(output: string): string {
  return /died at (\w+)/.exec(output)?.[1] ?? 'from outside';
}

/** Most devices do as they should. */
function conductBy(chance: Chance) {
  return chance.next() < 0.7 ? chance.pick(conducts.slice(0, 2)) : chance.pick(conducts);
}
