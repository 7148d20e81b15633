import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { createSasToken } from '../../src/emulator/sas.js';
import { startTestEmulator, type TestEmulator } from './support/emulator.js';
import { send } from './support/https.js';
import { connectMqtt, listenTo, publish } from './support/mqtt.js';
import { rejectionOf } from './support/rejection.js';
import { createServiceSdk, type ServiceSdk } from './support/service.js';

describe('a job', () => {
  let emulator: TestEmulator;
  let sdk: ServiceSdk;
  beforeAll(async () => {
    emulator = await startTestEmulator();
    sdk = createServiceSdk(emulator);
    for (let index = 0; index < 12; index += 1) {
      emulator.registerDevice(`d${index}`, { tags: { ring: index % 2 } });
    }
  });
  afterAll(() => emulator[Symbol.asyncDispose]());

  const read = async (jobId: string) => (await send(emulator, `GET /jobs/v2/${jobId}`)).json;
  const put = (jobId: string, body: object) =>
    send(emulator, `PUT /jobs/v2/${jobId}`, {
      body: {
        type: 'scheduleUpdateTwin',
        queryCondition: '*',
        updateTwin: { tags: {} },
        ...body,
      },
    });

  async function readWhen(jobId: string, status: string) {
    await vi.waitUntil(async () => (await read(jobId)).status === status);
    return await read(jobId);
  }

  test('updates the twins that meet its condition, through the SDK', async () => {
    const { jobStatus } = await sdk.jobs.scheduleTwinUpdate('twin-job', 'tags.ring = 1', {
      tags: { updated: true },
    });
    const done = await readWhen('twin-job', 'completed');
    const updated = await send(emulator, 'POST /devices/query', {
      body: { query: 'SELECT deviceId FROM devices WHERE tags.updated = true' },
    });

    expect(jobStatus).toMatchObject({
      jobId: 'twin-job',
      type: 'scheduleUpdateTwin',
      status: 'queued',
    });
    expect(done).toMatchObject({
      queryCondition: 'tags.ring = 1',
      maxExecutionTimeInSeconds: 3600,
      updateTwin: { tags: { updated: true } },
      deviceJobStatistics: {
        deviceCount: 6,
        failedCount: 0,
        succeededCount: 6,
        runningCount: 0,
        pendingCount: 0,
      },
    });
    expect(Date.parse(done.endTime)).toBeGreaterThanOrEqual(Date.parse(done.startTime));
    expect(updated.json).toHaveLength(6);
  });

  test('calls a method, is completed also where a device is away, and tells each outcome', async () => {
    await using device = await connectMqtt(emulator, emulator.registerDevice('d0'));
    await device.next();
    await listenTo(device, '$iothub/methods/POST/#');
    await sdk.jobs.scheduleDeviceMethod('method-job', "deviceId IN ['d0', 'd1']", {
      methodName: 'reboot',
      payload: { now: true },
      responseTimeoutInSeconds: 10,
    });
    const { topic, payload } = await device.nextPublish();
    device.send(publish(topic.replace('POST/reboot', 'res/200'), '"done"'));
    const done = await readWhen('method-job', 'completed');
    const rows = await send(emulator, 'POST /devices/query', {
      body: { query: "SELECT * FROM devices.jobs WHERE devices.jobs.jobId = 'method-job'" },
    });

    expect(String(payload)).toBe('{"now":true}');
    expect(done.deviceJobStatistics).toMatchObject({ succeededCount: 1, failedCount: 1 });
    expect(rows.headers['x-ms-item-type']).toBe('DeviceJob');
    expect(rows.json).toMatchObject([
      {
        deviceId: 'd0',
        jobType: 'scheduleDeviceMethod',
        status: 'completed',
        outcome: { deviceMethodResponse: { status: 200, payload: 'done' } },
      },
      { deviceId: 'd1', status: 'failed', error: { code: 'DeviceNotOnline' } },
    ]);
  });

  test('calls a method of the modules that its condition selects, not of their devices', async () => {
    const { json: module } = await send(emulator, 'PUT /devices/d2/modules/meter', {
      body: { deviceId: 'd2', moduleId: 'meter' },
    });
    const key = module.authentication.symmetricKey.primaryKey;
    await using client = await connectMqtt(
      emulator,
      `HostName=localhost;DeviceId=d2;SharedAccessKey=${key}`,
      {
        clientId: 'd2/meter',
        username: 'localhost/d2/meter/?api-version=2021-04-12',
        password: createSasToken(
          'localhost/devices/d2/modules/meter',
          key,
          Math.ceil(Date.now() / 1000) + 3600,
        ),
      },
    );
    await client.next();
    await listenTo(client, '$iothub/methods/POST/#');
    await sdk.jobs.scheduleDeviceMethod(
      'module-job',
      "from devices.modules where moduleId = 'meter'",
      { methodName: 'read', payload: null, responseTimeoutInSeconds: 10 },
    );
    const { topic } = await client.nextPublish();
    client.send(publish(topic.replace('POST/read', 'res/200'), '42'));
    const { deviceJobStatistics } = await readWhen('module-job', 'completed');

    expect(deviceJobStatistics).toMatchObject({ deviceCount: 1, succeededCount: 1 });
  });

  test.each(['FROM devices.modules', 'FROM devices.modules WHERE tags.x ='])(
    'on modules may leave out its condition, not break it off: %s',
    async (queryCondition) => {
      const jobId = queryCondition.length > 30 ? 'modules-broken' : 'modules-all';
      await put(jobId, { queryCondition });
      const status = jobId === 'modules-all' ? 'completed' : 'failed';

      expect((await readWhen(jobId, status)).status).toBe(status);
    },
  );

  test('whose condition cannot be understood is accepted and then failed', async () => {
    const { status } = await put('bad-condition', { queryCondition: 'tags.ring ==== 1' });

    expect(status).toBe(200);
    expect((await readWhen('bad-condition', 'failed')).failureReason).toMatch(/queryCondition/);
  });

  test('for later waits for its time, and can be called off until then', async () => {
    const startTime = new Date(Date.now() + 3_600_000).toISOString();
    const { json } = await put('later', { startTime });
    const cancelled = await send(emulator, 'POST /jobs/v2/later/cancel');
    const again = await send(emulator, 'POST /jobs/v2/later/cancel');

    expect(json).toMatchObject({ status: 'scheduled', startTime });
    expect(cancelled.json.status).toBe('cancelled');
    expect(again.status).toBe(405);
    expect(again.headers['iothub-errorcode']).toBe('OperationNotAllowedInCurrentState');
  });

  test('starts at its time', async () => {
    await put('soon', { startTime: new Date(Date.now() + 200).toISOString() });

    expect((await readWhen('soon', 'completed')).deviceJobStatistics.deviceCount).toBeGreaterThan(
      0,
    );
  });

  test('is one of its name only, and unknown names are told as such', async () => {
    await put('once', {});
    const error = await rejectionOf(sdk.jobs.cancelJob('nobody'));

    expect((await put('once', {})).status).toBe(409);
    expect(await read('never')).toEqual({ type: 'unknown', status: 'unknown' });
    expect(Reflect.get(error, 'responseBody')).toContain('ErrorCode:JobNotFound');
  });

  test('is found by type and status', async () => {
    await readWhen('twin-job', 'completed');
    const { json: found } = await send(
      emulator,
      'GET /jobs/v2/query?jobType=scheduleUpdateTwin&jobStatus=completed',
    );
    const { result: all } = await sdk.jobs.createQuery().next();
    const first = await send(emulator, 'GET /jobs/v2/query', {
      headers: { 'x-ms-max-item-count': '1' },
    });
    const second = await send(emulator, 'GET /jobs/v2/query', {
      headers: {
        'x-ms-max-item-count': '1',
        'x-ms-continuation': String(first.headers['x-ms-continuation']),
      },
    });

    expect(found.map(({ jobId }: { jobId: string }) => jobId)).toContain('twin-job');
    expect(found.every(({ type }: { type: string }) => type === 'scheduleUpdateTwin')).toBe(true);
    expect(all.length).toBeGreaterThan(found.length);
    expect(first.headers['x-ms-item-type']).toBe('JobResponse');
    expect([first.json[0].jobId, second.json[0].jobId]).toEqual(['twin-job', 'method-job']);
  });

  test.each([
    ['BIG', {}],
    ['x'.repeat(65), {}],
    ['type', { type: 'export' }],
    ['late', { startTime: new Date(Date.now() + 169 * 3_600_000).toISOString() }],
    ['when', { startTime: 'tomorrow' }],
    ['etag', { updateTwin: { etag: 'AAAAAAAAAAE=', tags: {} } }],
    ['twin', { updateTwin: null }],
    ['name', { updateTwin: { tags: { 'a b': 1 } } }],
    ['method', { type: 'scheduleDeviceMethod', cloudToDeviceMethod: { methodName: '' } }],
    ['condition', { queryCondition: '' }],
    ['time', { maxExecutionTimeInSeconds: 0 }],
    ['other', { jobId: 'another' }],
  ])('is refused with 400: %s', async (jobId, body) => {
    expect((await put(jobId, body)).status).toBe(400);
  });
});
