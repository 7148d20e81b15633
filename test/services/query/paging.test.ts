import type { RequestListener } from 'node:http';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { localDeveloper } from '../../../src/services/access.js';
import { systemClock } from '../../../src/services/clock.js';
import { DeviceService } from '../../../src/services/device.js';
import { DeviceAccess } from '../../../src/services/device-access.js';
import { type DevicePage, FleetService } from '../../../src/services/fleet.js';
import type { MonotonicHub } from '../../../src/services/hub/monotonic-hub.js';
import { Hubs } from '../../../src/services/hubs.js';
import { openHub } from '../../../src/services/open-hub.js';
import type { DeviceFilter } from '../../../src/services/query/device-filter.js';
import { replicasAlone } from '../../../src/services/replicas/replicas.js';
import { startTestEmulator, type TestEmulator } from '../../emulator/support/emulator.js';
import { rejectionOf } from '../../emulator/support/rejection.js';
import { startBareHub } from '../support/bare-hub.js';
import { twinJson } from '../support/twins.js';

const opened: { close(): void }[] = [];
afterEach(() => {
  for (const hub of opened.splice(0)) hub.close();
});

function createFleet(options: { readonly connectionString: string; readonly ca: string }): {
  fleet: FleetService;
  hub: MonotonicHub;
} {
  const served = openHub({
    tier: 'S3',
    units: 1,
    share: 1,
    clock: systemClock,
    replicas: replicasAlone,
    onError: () => {},
    ...options,
  });
  opened.push(served);
  const hubs = new Hubs([served]);
  const rebootPaths = [['rebootTime']];
  const devices = new DeviceService({
    hubs,
    access: new DeviceAccess({ hubs, rebootPaths, clock: systemClock }),
    view: { rebootPaths },
    stopping: new AbortController().signal,
    idleInterval: 5_000,
  });
  return { hub: served.hub, fleet: new FleetService({ hubs, devices, rebootPaths }) };
}

function idsOf({ nodes }: DevicePage): readonly string[] {
  return nodes.map(({ deviceId }) => deviceId);
}

describe('a list of devices', () => {
  let emulator: TestEmulator;
  let fleet: FleetService;
  const where: DeviceFilter = { tags: [{ path: ['site'], eq: 'muc' }] };
  beforeAll(async () => {
    emulator = await startTestEmulator();
    for (const deviceId of ['a', 'b', 'c', 'd', 'e']) {
      emulator.registerDevice(deviceId, { tags: { site: 'muc' } });
    }
    emulator.registerDevice('elsewhere', { tags: { site: 'ber' } });
  });
  afterAll(() => emulator[Symbol.asyncDispose]());
  beforeEach(() => {
    ({ fleet } = createFleet(emulator));
  });

  const list = (filter: DeviceFilter | undefined, first: number, after?: string) =>
    fleet.list(localDeveloper, filter, { first, after });

  it('comes in pages, each device once', async () => {
    const one = await list(where, 2, undefined);
    const two = await list(where, 2, one.pageInfo.endCursor ?? undefined);
    const three = await list(where, 2, two.pageInfo.endCursor ?? undefined);

    expect([one, two, three].map(idsOf)).toEqual([['a', 'b'], ['c', 'd'], ['e']]);
    expect(three.pageInfo).toEqual({ hasNextPage: false, endCursor: null });
  });

  it('without a filter has them all', async () => {
    expect(idsOf(await list(undefined, 100))).toHaveLength(6);
  });

  it('takes a cursor of another filter for a mistake', async () => {
    const { pageInfo } = await list(where, 2);
    const other = { tags: [{ path: ['site'], eq: 'ber' }] };

    expect(await rejectionOf(list(other, 2, pageInfo.endCursor ?? ''))).toMatchObject({
      code: 'CURSOR_FILTER_MISMATCH',
    });
  });

  it('says that a cursor is too old when the hub no longer knows where it went on', async () => {
    const { pageInfo } = await list(where, 2);
    emulator.faults.add({
      operation: 'query',
      times: 1,
      effect: { kind: 'status', status: 400, code: 'ArgumentInvalid' },
    });

    expect(await rejectionOf(list(where, 2, pageInfo.endCursor ?? ''))).toMatchObject({
      code: 'CURSOR_EXPIRED',
    });
  });

  it('names the argument that the hub could not express', async () => {
    const filter = { tags: [{ path: ['site'], eq: null }] };

    expect(await rejectionOf(list(filter, 10))).toMatchObject({
      code: 'BAD_USER_INPUT',
      argument: 'where.tags[0].eq',
    });
  });
});

describe('a hub whose index lags', () => {
  it('does not show a device by a row that is no longer true', async () => {
    const rowOf = (version: number, mode: string) => ({ ...twinJson({ version }), tags: { mode } });
    await using bare = await startBareHub(({ method }, response) => {
      const answer = method === 'GET' ? rowOf(6, 'new') : [rowOf(5, 'old')];
      response.setHeader('content-type', 'application/json; charset=utf-8');
      response.end(JSON.stringify(answer));
    });
    const { fleet, hub } = createFleet(bare);
    const list = async (mode: string) =>
      idsOf(
        await fleet.list(localDeveloper, { tags: [{ path: ['mode'], eq: mode }] }, { first: 9 }),
      );

    const before = await list('old');
    await hub.readTwin('pump-7');

    expect(before).toEqual(['pump-7']);
    expect(await list('old')).toEqual([]);
    expect(await list('new')).toEqual(['pump-7']);
  });
});

describe('a hub that sends pages of its own length', () => {
  const pages: Record<string, { readonly ids: readonly string[]; readonly next?: string }> = {
    start: { ids: ['a', 'b', 'c', 'd', 'e'], next: 'second' },
    second: { ids: [], next: 'third' },
    third: { ids: ['f', 'g'] },
  };
  const answer: RequestListener = ({ headers }, response) => {
    const page = pages[String(headers['x-ms-continuation'] ?? 'start')];
    response.setHeader('content-type', 'application/json; charset=utf-8');
    if (page?.next !== undefined) response.setHeader('x-ms-continuation', page.next);
    response.end(JSON.stringify(page?.ids.map((deviceId) => twinJson({ deviceId }))));
  };

  it('is shown in pages as asked for, each device once', async () => {
    await using bare = await startBareHub(answer);
    const { fleet } = createFleet(bare);
    const seen: (readonly string[])[] = [];

    let after: string | undefined;
    do {
      const page: DevicePage = await fleet.list(localDeveloper, undefined, { first: 2, after });
      seen.push(idsOf(page));
      expect(page.pageInfo.hasNextPage).toBe(page.pageInfo.endCursor !== null);
      after = page.pageInfo.endCursor ?? undefined;
    } while (after !== undefined);

    expect(seen).toEqual([['a', 'b'], ['c', 'd'], ['e'], [], ['f', 'g']]);
  });

  it('is shown whole when more is asked for than it sends', async () => {
    await using bare = await startBareHub(answer);
    const { fleet } = createFleet(bare);

    const page = await fleet.list(localDeveloper, undefined, { first: 100 });

    expect(idsOf(page)).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(page.pageInfo.hasNextPage).toBe(true);
  });
});
