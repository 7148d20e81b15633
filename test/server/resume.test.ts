import { print } from 'graphql';
import { createClient as createStreamClient } from 'graphql-sse';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startWorld, type World } from '../support/gateway.js';
import {
  RebootDeviceDocument,
  WatchOperationEventsDocument,
  WatchRebootDocument,
} from '../support/operations.js';
import { startPuppetDevice } from '../support/puppet-device.js';
import { until } from './support/until.js';
import { openWire, resultsOf, type Wire } from './support/wire.js';

describe('a client that connects again', () => {
  let world: World;

  beforeAll(async () => {
    world = await startWorld();
  });

  afterAll(async () => {
    await world[Symbol.asyncDispose]();
  });

  async function reboot(deviceId: string): Promise<string> {
    const { rebootDevice } = await world.gateway.data(RebootDeviceDocument, {
      input: { deviceId },
    });
    if (!rebootDevice) throw new Error('no payload');
    return rebootDevice.operation.id;
  }

  const sequencesOf = (wire: Wire) =>
    (resultsOf(wire, 'events') as { data: { operationEvents: { sequence: number } } }[]).map(
      ({ data }) => data.operationEvents.sequence,
    );

  async function follow(id: string, after: number): Promise<Wire> {
    const wire = await openWire(world.gateway.url);
    wire.subscribe('events', print(WatchOperationEventsDocument), { id, after });
    return wire;
  }

  test('gets every event since the one it names, alone or beside others', async () => {
    await using device = await startPuppetDevice(world.emulator, 'resumes');
    const id = await reboot('resumes');
    const first = await follow(id, 0);
    await until(() => sequencesOf(first).length === 2);
    const answer = await device.called();
    // Gone without a word, while the operation goes on.
    first.socket.terminate();
    await answer(200);

    await using again = await follow(id, 2);
    await until(() => sequencesOf(again).length === 1);
    await using beside = await follow(id, 2);
    await until(() => sequencesOf(beside).length === 1);
    await device.report('2026-01-01T00:00:00Z');
    for (const wire of [again, beside]) await wire.waitFor(({ type }) => type === 'complete');
    await using late = await follow(id, 4);
    await late.waitFor(({ type }) => type === 'complete');

    expect(sequencesOf(first)).toEqual([1, 2]);
    expect(sequencesOf(again)).toEqual([3, 4, 5]);
    expect(sequencesOf(beside)).toEqual([3, 4, 5]);
    expect(sequencesOf(late)).toEqual([5]);
  });

  test('gets the current state, over whichever transport', async () => {
    const deviceId = 'current';
    await using device = await startPuppetDevice(world.emulator, deviceId);
    const query = print(WatchRebootDocument);
    const stays = world.gateway.subscribe(WatchRebootDocument, { deviceId });
    await stays.waitFor(({ rebootStatus }) => rebootStatus.phase === 'IDLE');
    const first = await openWire(world.gateway.url);
    first.subscribe('status', query, { deviceId });
    await first.waitFor(({ type }) => type === 'next');
    first.socket.terminate();

    await reboot(deviceId);
    const answer = await device.called();
    await stays.waitFor(({ rebootStatus }) => rebootStatus.operation?.status === 'SENDING');

    // The device is silent: only a state that is there already can be told.
    const current = {
      data: { rebootStatus: { phase: 'REBOOTING', operation: { status: 'SENDING' } } },
    };
    await using again = await openWire(world.gateway.url);
    again.subscribe('status', query, { deviceId });
    expect((await again.waitFor(({ type }) => type === 'next')).payload).toMatchObject(current);
    const client = createStreamClient({
      url: `${world.gateway.url}/graphql/stream`,
      retryAttempts: 0,
    });
    const stream = client.iterate({ query, variables: { deviceId } });
    expect((await stream.next()).value).toMatchObject(current);

    await answer(200);
    client.dispose();
  });
});
