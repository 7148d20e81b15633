import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Fault } from '../../../src/emulator/faults.js';
import { createAzureHub } from '../../../src/services/hub/azure-hub.js';
import { Budget } from '../../../src/services/hub/budget.js';
import type { Hub } from '../../../src/services/hub/hub.js';
import type { Feedback, OutgoingMessage } from '../../../src/services/hub/message.js';
import { hubThrottles } from '../../../src/services/hub/throttles.js';
import { startTestEmulator, type TestEmulator } from '../../emulator/support/emulator.js';
import { send as ask } from '../../emulator/support/https.js';
import { createManualClock, type ManualClock } from '../support/manual-clock.js';

const message: OutgoingMessage = {
  messageId: 'm-1',
  body: { text: 'x' },
  properties: {},
  timeToLiveSeconds: 3_600,
};
const agree = async () => true;

let emulator: TestEmulator;
let clock: ManualClock;
let hub: Hub;

beforeEach(async () => {
  clock = createManualClock(Date.now());
  // Both by one time: tokens are to end.
  emulator = await startTestEmulator({ clock: () => new Date(clock.now()) });
  emulator.registerDevice('d');
  hub = createAzureHub({ ...emulator, clock });
});

afterEach(async () => {
  hub.close();
  await emulator[Symbol.asyncDispose]();
});

const sends = () => emulator.calls.count({ operation: 'message.send' });

function fail(effect: Fault['effect']): void {
  emulator.faults.add({ operation: 'message.send', effect });
}

async function sent(): Promise<void> {
  await vi.waitUntil(() => sends() > 0);
}

/** Sends a message and has the hub tell of it at once. */
async function purge(messageId = 'm-1'): Promise<void> {
  expect(await hub.sendMessage('d', { ...message, messageId }, agree)).toEqual({
    kind: 'ENQUEUED',
  });
  await ask(emulator, 'DELETE /devices/d/commands');
}

describe('a message to a hub', () => {
  test('is asked for at the last moment, and not written where the answer is no', async () => {
    const moments: string[] = [];
    const gate = async () => {
      moments.push(`gate after ${sends()}`);
      return false;
    };
    const answer = await hub.sendMessage('d', message, gate, () => moments.push('sent'));

    expect(answer).toMatchObject({ kind: 'UNDELIVERED', code: 'NOT_SENT' });
    expect(moments).toEqual(['gate after 0']);
    expect(sends()).toBe(0);
  });

  test('is not written either where the question fails, and says why', async () => {
    const answer = await hub.sendMessage('d', message, () =>
      Promise.reject(new Error('the journal is gone')),
    );

    expect(answer).toEqual({
      kind: 'UNDELIVERED',
      code: 'NOT_SENT',
      message: 'the journal is gone',
    });
    expect(sends()).toBe(0);
  });

  test('tells when it is written', async () => {
    const onSent = vi.fn();
    await hub.sendMessage('d', message, agree, onSent);

    expect(onSent).toHaveBeenCalledOnce();
  });

  test('that the hub throttles slows down those that follow', async () => {
    hub.close();
    const budget = new Budget({ throttles: hubThrottles('S1', 1), share: 1, clock });
    hub = createAzureHub({ ...emulator, clock, budget });
    fail({ kind: 'throttle' });

    expect(await hub.sendMessage('d', message, agree)).toMatchObject({
      kind: 'UNDELIVERED',
      code: 'THROTTLED',
    });
    const line = budget.lines().find(({ requestClass }) => requestClass === 'MESSAGES');
    expect(line).toMatchObject({ limit: 100, allowed: 50, used: 1, throttled: 1 });
    budget.close();
  });

  test.each([
    ['DEVICE_NOT_FOUND', { kind: 'status', status: 404, code: 'DeviceNotFound' }],
    ['DEVICE_QUEUE_FULL', { kind: 'status', status: 403, code: 'DeviceMaximumQueueDepthExceeded' }],
    ['HUB_QUOTA_EXCEEDED', { kind: 'status', status: 403, code: 'IotHubQuotaExceeded' }],
    ['HUB_UNAUTHORIZED', { kind: 'status', status: 401, code: 'IotHubUnauthorizedAccess' }],
    ['INVALID', { kind: 'status', status: 413, code: 'MessageTooLarge' }],
  ] as const)('that is refused is %s', async (code, effect) => {
    fail(effect);

    expect(await hub.sendMessage('d', message, agree)).toMatchObject({ kind: 'UNDELIVERED', code });
  });

  test.each([
    [
      'answers with a timeout of its own',
      { kind: 'status', status: 503, code: 'ServiceUnavailable' },
    ],
    ['breaks the connection off', { kind: 'reset' }],
    ['breaks it off when it has the message', { kind: 'reset', when: 'after' }],
    ['ends it in the middle of the answer', { kind: 'truncate' }],
  ] as const)('is of unknown outcome where the hub %s, and is not repeated', async (_, effect) => {
    fail(effect);

    expect(await hub.sendMessage('d', message, agree)).toMatchObject({ kind: 'UNKNOWN' });
    expect(sends()).toBe(1);
  });

  test('is of unknown outcome where the hub never answers', async () => {
    fail({ kind: 'hang' });
    const answer = hub.sendMessage('d', message, agree);
    await sent();
    clock.advance(20_000);

    expect(await answer).toEqual({
      kind: 'UNKNOWN',
      message: 'the call ended without an answer: no answer within 20000 ms',
    });
  });

  test('is not delivered where there is no hub, or it does not let us in', async () => {
    const [port] = [emulator.httpsPort];
    const stranger = createAzureHub({
      connectionString: `HostName=localhost:${port};SharedAccessKeyName=service;SharedAccessKey=AAAA`,
      ca: emulator.ca,
    });
    const nowhere = createAzureHub({
      connectionString: emulator.connectionString.replace(`:${port};`, ':1;'),
      ca: emulator.ca,
    });

    expect(await stranger.sendMessage('d', message, agree)).toMatchObject({
      kind: 'UNDELIVERED',
      code: 'HUB_UNAUTHORIZED',
    });
    expect(await nowhere.sendMessage('d', message, agree)).toMatchObject({
      kind: 'UNDELIVERED',
      code: 'HUB_UNAVAILABLE',
      message: expect.stringContaining('ECONNREFUSED'),
    });
    stranger.close();
    nowhere.close();
  });
});

describe('feedback', () => {
  test('is the hub’s to keep until it is durable here', async () => {
    const heard: Feedback[] = [];
    const first = hub.receiveFeedback(
      (feedback) => new Promise(() => void heard.push(feedback)), // never durable
    );
    await purge();
    await vi.waitUntil(() => heard.length === 1);
    first.close();
    const again = new Promise<Feedback>((resolve) => {
      hub.receiveFeedback(async (feedback) => {
        resolve(feedback);
        return true;
      });
    });

    expect(await again).toMatchObject({ messageId: 'm-1', deviceId: 'd', fate: 'Purged' });
    await vi.waitUntil(async () => {
      const { status } = await ask(emulator, 'GET /messages/serviceBound/feedback');
      return status === 204;
    });
  });

  test('that is not ours is kept for a while, and then handed out again', async () => {
    const heard: string[] = [];
    hub.receiveFeedback(async ({ messageId }) => {
      heard.push(messageId);
      return heard.length > 1;
    });
    await purge('theirs');
    await vi.waitUntil(() => clock.pending.includes(20_000));
    const before = [...heard];
    clock.advance(20_000);
    await vi.waitUntil(() => heard.length === 2);

    expect(before).toEqual(['theirs']);
    expect(heard).toEqual(['theirs', 'theirs']);
  });

  test('is listened to again when the link has broken, and says since when', async () => {
    const receiver = hub.receiveFeedback(async () => true);
    await vi.waitUntil(() => receiver.since !== undefined);
    const start = clock.now();
    expect(receiver.since).toBe(start);
    fail({ kind: 'reset' });
    await hub.sendMessage('d', message, agree);
    await vi.waitUntil(() => receiver.since === undefined);
    clock.advance(1_500);
    await vi.waitUntil(() => receiver.since !== undefined);

    expect(receiver.since).toBe(start + 1_500);
    receiver.close();
  });

  test('is listened to with a fresh token before the old one ends', async () => {
    const receiver = hub.receiveFeedback(async () => true);
    await vi.waitUntil(() => receiver.since !== undefined);
    const { since } = receiver;
    // A token lasts an hour.
    for (let minute = 0; minute < 120; minute += 1) {
      await vi.waitUntil(() => clock.pending.includes(60_000), { interval: 1 });
      clock.advance(60_000);
    }
    await purge();

    expect(receiver.since).toBe(since);
  });
});
