import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Json, Stage } from './support/stage.js';

let stage: Stage;

beforeAll(async () => {
  stage = await Stage.open();
});
beforeEach(() => stage.clear());
afterAll(() => stage[Symbol.asyncDispose]());

const fwPackageUri = 'https://packages.example/firmware-1.5.0.bin';
const firmware = { fwVersion: '1.5.0', fwPackageURI: fwPackageUri };

describe('a firmware update by method', () => {
  test('reports each step with its time, restarts, and is there with the new version', async () => {
    await using device = await stage.start();
    const { deviceId } = device;
    expect(await stage.call(deviceId, 'firmwareUpdate', { fwPackageUri })).toEqual({
      status: 200,
      payload: 'Firmware update started.',
    });
    const status = (await reportedUpdate(deviceId))['status'];
    expect(status).toBe('waiting');
    await stage.pass(10);
    await stage.clock.scheduled(10_000);
    expect(await reportedUpdate(deviceId)).toMatchObject({ status: 'downloading', fwPackageUri });
    await stage.pass(10);
    await stage.clock.scheduled(10_000);
    expect(await reportedUpdate(deviceId)).toMatchObject({
      status: 'applying',
      downloadCompleteTime: stage.clock.now().toISOString(),
      startedApplyingImage: stage.clock.now().toISOString(),
    });
    await stage.pass(10);
    await stage.clock.scheduled(2_000);
    expect(await stage.isOnline(deviceId)).toBe(false);
    await stage.pass(2);
    await stage.log.waitFor('carried out');

    expect(await stage.reported(deviceId)).toMatchObject({
      firmwareVersion: '1.5.0',
      firmware: { currentFwVersion: '1.5.0' },
      iothubDM: {
        firmwareUpdate: {
          status: 'applyComplete',
          startedWaitingTime: '2026-03-09T07:05:02.041Z',
          lastFirmwareUpdate: stage.clock.now().toISOString(),
        },
      },
    });
  });

  test.each([
    [null],
    [{ fwPackageUri: 'ftp://packages.example/a.bin' }],
    [{ fwPackageUri: 'not a URI' }],
  ])('refuses %j', async (payload) => {
    await using device = await stage.start();
    const { deviceId } = device;
    expect(await stage.call(deviceId, 'firmwareUpdate', payload)).toEqual({
      status: 400,
      payload: 'Invalid URL format. Must use https:// protocol.',
    });
  });

  test('is refused while another is under way', async () => {
    await using device = await stage.start();
    const { deviceId } = device;
    await stage.call(deviceId, 'firmwareUpdate', { fwPackageUri });
    expect(await stage.call(deviceId, 'firmwareUpdate', { fwPackageUri })).toMatchObject({
      status: 409,
    });
  });

  test('fails at the download on request', async () => {
    await using device = await stage.start({ fault: 'fail' });
    const { deviceId } = device;
    await stage.call(deviceId, 'firmwareUpdate', { fwPackageUri });
    await stage.pass(10);
    await stage.pass(10);
    await stage.log.waitFor('carried out');

    expect(await stage.reported(deviceId)).toMatchObject({
      firmwareVersion: '1.4.2',
      iothubDM: { firmwareUpdate: { status: 'downloadFailed', error: expect.any(String) } },
    });
  });

  test('rolls back on request', async () => {
    await using device = await stage.start({ fault: 'rollBack' });
    const { deviceId } = device;
    await stage.call(deviceId, 'firmwareUpdate', { fwPackageUri });
    for (const seconds of [10, 10, 10, 2]) await stage.pass(seconds);
    await stage.log.waitFor('carried out');

    expect(await stage.reported(deviceId)).toMatchObject({
      firmwareVersion: '1.4.2',
      iothubDM: {
        firmwareUpdate: {
          status: 'applyFailed',
          error: 'The new image did not start; back to 1.4.2',
        },
      },
    });
  });
});

async function reportedUpdate(deviceId: string): Promise<Json> {
  await stage.clock.scheduled(10_000);
  const { iothubDM } = (await stage.reported(deviceId)) as { iothubDM: { firmwareUpdate: Json } };
  return iothubDM.firmwareUpdate;
}

describe('a firmware update by desired properties', () => {
  test('goes through its states and ends current', async () => {
    await using device = await stage.start({ firmwareStepSeconds: 30 });
    const { deviceId } = device;
    expect((await stage.reported(deviceId))['firmware']).toEqual({
      currentFwVersion: '1.4.2',
      pendingFwVersion: '',
      fwUpdateStatus: 'current',
      fwUpdateSubstatus: '',
      lastFwUpdateStartTime: '',
      lastFwUpdateEndTime: '',
    });
    await stage.wish(deviceId, { firmware });
    for (const fwUpdateStatus of ['downloading', 'verifying', 'applying']) {
      await stage.clock.scheduled(30_000);
      expect(await stage.reported(deviceId)).toMatchObject({
        firmware: { currentFwVersion: '1.4.2', pendingFwVersion: '1.5.0', fwUpdateStatus },
      });
      stage.clock.advance(30_000);
    }
    await stage.clock.scheduled(2_000);
    expect(await stage.reported(deviceId)).toMatchObject({
      firmware: { fwUpdateStatus: 'rebooting' },
    });
    expect(await stage.isOnline(deviceId)).toBe(false);
    stage.clock.advance(2_000);
    await stage.log.waitFor('adopted desired properties');

    expect(await stage.reported(deviceId)).toMatchObject({
      firmwareVersion: '1.5.0',
      firmware: {
        currentFwVersion: '1.5.0',
        pendingFwVersion: '',
        fwUpdateStatus: 'current',
        lastFwUpdateStartTime: '2026-03-09T07:05:02.041Z',
        lastFwUpdateEndTime: stage.clock.now().toISOString(),
      },
    });
  });

  test('to the version that is there already is over at once, and said', async () => {
    await using device = await stage.start();
    const { deviceId } = device;
    await stage.wish(deviceId, { firmware: { ...firmware, fwVersion: '1.4.2' } });
    await stage.log.waitFor('adopted desired properties');

    expect(await stage.reported(deviceId)).toMatchObject({
      firmware: { fwUpdateStatus: 'current' },
      $version: 3,
    });
  });

  test.each([
    ['fail', [10], 'error', 'The package could not be downloaded'],
    ['rollBack', [10, 10, 10, 2], 'rolledback', 'The new image did not start'],
  ] as const)(
    'ends otherwise on request: %s',
    async (fault, steps, fwUpdateStatus, fwUpdateSubstatus) => {
      await using device = await stage.start();
      const { deviceId } = device;
      await stage.wish(deviceId, { firmware, simulator: { fault } });
      for (const seconds of steps) await stage.pass(seconds);
      await stage.log.waitFor('adopted desired properties', 2);

      expect(await stage.reported(deviceId)).toMatchObject({
        firmwareVersion: '1.4.2',
        firmware: { pendingFwVersion: '', fwUpdateStatus, fwUpdateSubstatus },
        simulator: { fault },
      });
    },
  );

  test('stalls on request until the fault is taken away, and then goes on', async () => {
    await using device = await stage.start({ fault: 'stall' });
    const { deviceId } = device;
    await stage.wish(deviceId, { firmware });
    await stage.pass(10);
    await stage.wish(deviceId, { simulator: { fault: 'a lie' } });
    await stage.log.waitFor('adopted desired properties');
    expect((await stage.reported(deviceId))['simulator']).toEqual({
      problem: 'expected one of fail, stall, rollBack, goOffline',
    });
    for (const seconds of [10, 10, 2]) await stage.pass(seconds);
    await stage.log.waitFor('adopted desired properties', 2);

    expect(await stage.reported(deviceId)).toMatchObject({
      firmware: { fwUpdateStatus: 'current' },
    });
  });

  test('is interrupted by going offline on request, and carried on afterwards', async () => {
    await using device = await stage.start({ fault: 'goOffline', offlineSeconds: 600 });
    const { deviceId } = device;
    await stage.wish(deviceId, { firmware });
    await stage.pass(10);
    await stage.clock.scheduled(600_000);
    expect(await stage.isOnline(deviceId)).toBe(false);
    expect(await stage.reported(deviceId)).toMatchObject({
      firmware: { fwUpdateStatus: 'downloading' },
    });
    for (const seconds of [600, 10, 10, 2]) await stage.pass(seconds);
    await stage.log.waitFor('adopted desired properties');

    expect(await stage.reported(deviceId)).toMatchObject({
      firmware: { fwUpdateStatus: 'current' },
    });
  });
});
