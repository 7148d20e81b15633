import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { type AzureHubOptions, createAzureHub } from '../../../src/services/hub/azure-hub.js';
import { type Hub, HubError } from '../../../src/services/hub/hub.js';
import { changeIdentity } from '../../../src/services/hub/identity.js';
import type { HubRegistry } from '../../../src/services/hub/registry.js';
import { startTestEmulator, type TestEmulator } from '../../emulator/support/emulator.js';
import { rejectionOf } from '../../emulator/support/rejection.js';
import { createServiceSdk } from '../../emulator/support/service.js';
import { findClosedPort, secretKey, startBareHub } from '../support/bare-hub.js';
import { createManualClock } from '../support/manual-clock.js';

let emulator: TestEmulator;
const hubs: Hub[] = [];

beforeAll(async () => {
  emulator = await startTestEmulator();
});

afterEach(() => {
  emulator.faults.clear();
  emulator.calls.clear();
  for (const hub of hubs.splice(0)) hub.close();
});

afterAll(() => emulator[Symbol.asyncDispose]());

function connect(options: Partial<AzureHubOptions> = {}): Hub & HubRegistry {
  const { connectionString, ca } = emulator;
  const hub = createAzureHub({ connectionString, ca, random: () => 0, ...options });
  hubs.push(hub);
  return hub;
}

async function failureOf(promise: Promise<unknown>): Promise<HubError> {
  const error = await rejectionOf(promise);
  expect(error).toBeInstanceOf(HubError);
  return error as HubError;
}

const aKey = Buffer.from('16 bytes at least').toString('base64');
const anotherKey = Buffer.from('another key, too').toString('base64');
const keys = {
  authentication: {
    type: 'sas',
    symmetricKey: { primaryKey: aKey, secondaryKey: anotherKey },
  },
};

describe('a write', () => {
  it('is refused under an ETag that is not the current one, where the bare SDK overwrites', async () => {
    emulator.registerDevice('guarded');
    const hub = connect();
    const read = await hub.readIdentity({ deviceId: 'guarded' });
    await hub.updateIdentity(changeIdentity(read, { statusReason: 'newer' }));

    const stale = await failureOf(
      hub.updateIdentity(changeIdentity(read, { statusReason: 'old' })),
    );
    const gone = await failureOf(hub.deleteIdentity({ deviceId: 'guarded' }, read.etag));

    expect([stale.code, gone.code]).toEqual(['PRECONDITION_FAILED', 'PRECONDITION_FAILED']);
    const { registry } = createServiceSdk(emulator);
    await registry.update({ deviceId: 'guarded', etag: read.etag, statusReason: 'old' });
    expect((await hub.readIdentity({ deviceId: 'guarded' })).statusReason).toBe('old');
  });

  it.each<[string, number, string, string, string]>([
    ['a missing right', 403, 'Forbidden', 'UNAUTHORIZED', 'TooManyDevicesError'],
    ['a used up quota', 403, 'IotHubQuotaExceeded', 'QUOTA_EXCEEDED', 'TooManyDevicesError'],
    ['a full hub', 413, 'TooManyDevices', 'TOO_MANY', 'Error'],
    ['a stale ETag', 412, 'PreconditionFailed', 'PRECONDITION_FAILED', 'InvalidEtagError'],
  ])('tells %s by its own code, the bare SDK by %s', async (_name, status, code, ours, theirs) => {
    emulator.registerDevice(`told-${ours}`);
    const deviceId = `told-${ours}`;
    const hub = connect();
    const identity = await hub.readIdentity({ deviceId });
    emulator.faults.add({ operation: 'device.update', effect: { kind: 'status', status, code } });

    expect((await failureOf(hub.updateIdentity(identity))).code).toBe(ours);
    const { registry } = createServiceSdk(emulator);
    expect((await rejectionOf(registry.update({ deviceId }))).name).toBe(theirs);
  });

  it.each([
    ['a reset', { kind: 'reset', when: 'after' }],
    ['half an answer', { kind: 'truncate' }],
    ['503', { kind: 'status', status: 503, code: 'ServiceUnavailable' }],
    ['500', { kind: 'status', status: 500, code: 'ServerError' }],
    ['silence', { kind: 'hang' }],
  ] as const)('is not sent again after %s: its outcome is unknown', async (_name, effect) => {
    emulator.registerDevice('once');
    const hub = connect({ writeDeadline: 500 });
    const { twin } = await hub.readTwin('once');
    emulator.faults.add({ operation: 'twin.patch', effect });

    const failure = await failureOf(
      hub.patchTwin({ deviceId: 'once' }, { tags: { a: 1 } }, twin.etag),
    );

    expect(failure.code).toBe('OUTCOME_UNKNOWN');
    expect(emulator.calls.count({ operation: 'twin.patch' })).toBe(1);
  });

  it('is tried again while the hub cannot be reached at all, until its deadline', async () => {
    const connectionString = `HostName=localhost:${await findClosedPort()};SharedAccessKeyName=o;SharedAccessKey=${secretKey}`;
    const clock = createManualClock(Date.now());
    const hub = connect({ connectionString, clock, random: () => 0.5, writeDeadline: 1_000 });
    const failure = failureOf(hub.deleteIdentity({ deviceId: 'a' }));

    for (const wait of [100, 200, 400]) {
      await vi.waitFor(() => expect(clock.pending).toEqual([wait]));
      clock.advance(wait);
    }

    expect((await failure).code).toBe('UNAVAILABLE');
  });

  it('reaches the very device that is meant, whatever its id', async () => {
    const deviceId = "..%2F..?a#b%2F'()*!";
    emulator.registerDevice(deviceId);
    emulator.registerDevice('a');
    const hub = connect();
    const { twin } = await hub.readTwin(deviceId);

    await hub.patchTwin({ deviceId }, { tags: { mine: 1 } }, twin.etag);
    await hub.createModule({ deviceId, moduleId: '%2e%2e' }, keys);
    const written = await hub.writeDevices([{ deviceId, mode: 'Delete' }], never());

    expect(written.size).toBe(0);
    const seen = emulator.calls.list({}).map((call) => call.deviceId);
    expect(seen.slice(0, 3)).toEqual([deviceId, deviceId, deviceId]);
    expect((await failureOf(hub.readTwin(deviceId))).code).toBe('DEVICE_NOT_FOUND');
    expect((await hub.readTwin('a')).twin.tags).toEqual({});
  });
});

describe('a key', () => {
  it('is struck out where the hub repeats it in what it says', async () => {
    await using bare = await startBareHub((request, response) => {
      let body = '';
      request.on('data', (chunk) => {
        body += chunk;
      });
      request.on('end', () => {
        response.writeHead(400, { 'content-type': 'application/json' });
        response.end(JSON.stringify({ Message: `ErrorCode:ArgumentInvalid;cannot read ${body}` }));
      });
    });
    const hub = connect(bare);
    const device = { deviceId: 'a', ...keys };

    const module = await failureOf(hub.createModule({ deviceId: 'a', moduleId: 'm' }, keys));
    const bulk = await hub.writeDevices(
      [{ deviceId: 'a', mode: 'create', settings: device }],
      never(),
    );

    const messages = [module.message, bulk.get('a')?.message ?? ''];
    for (const message of messages) {
      expect(message).toContain('cannot read');
      expect(message).toContain('***');
      expect(message).not.toContain(aKey);
      expect(message).not.toContain(anotherKey);
    }
  });
});

describe('an answer that no hub gives', () => {
  it('to a write leaves its outcome unknown, to a read is an error', async () => {
    await using bare = await startBareHub((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end('"nonsense"');
    });
    const hub = connect(bare);

    const created = hub.createModule({ deviceId: 'a', moduleId: 'm' }, keys);
    expect((await failureOf(created)).code).toBe('OUTCOME_UNKNOWN');
    const patched = hub.patchTwin({ deviceId: 'a' }, { tags: {} }, 'x');
    expect((await failureOf(patched)).code).toBe('OUTCOME_UNKNOWN');
    expect((await failureOf(hub.readIdentity({ deviceId: 'a' }))).code).toBe('UNAVAILABLE');
    expect((await failureOf(hub.listModules('a'))).code).toBe('UNAVAILABLE');
  });
});

function never(): AbortSignal {
  return new AbortController().signal;
}
