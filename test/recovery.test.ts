import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tutorialProfiles } from '../src/services/actions/built-in.js';
import type { Operation } from '../src/services/actions/operation.js';
import { openSqliteJournal } from '../src/services/store/sqlite-journal.js';
import { startTestEmulator, type TestEmulator } from './emulator/support/emulator.js';
import { type GatewayProcess, startGatewayProcess } from './support/gateway.js';
import {
  OperationDocument,
  OperationTwinDocument,
  RebootDeviceDocument,
  WatchOperationDocument,
} from './support/operations.js';
import { postgresMissing, startPostgres } from './support/postgres.js';
import { startPuppetDevice } from './support/puppet-device.js';
import { createTemporaryFolder, type TemporaryFolder } from './support/temporary-folder.js';

describe('a gateway that starts again', () => {
  let emulator: TestEmulator;
  let folder: TemporaryFolder;

  beforeAll(async () => {
    emulator = await startTestEmulator();
    folder = await createTemporaryFolder();
  });

  afterAll(async () => {
    await emulator[Symbol.asyncDispose]();
    await folder[Symbol.asyncDispose]();
  });

  function start(name: string): Promise<GatewayProcess> {
    return startGatewayProcess({
      IOTHUB_CONNECTION_STRING: emulator.connectionString,
      IOTHUB_CA_FILE: emulator.caFile,
      DATA_DIR: `${folder.path}/${name}`,
    });
  }

  test.skipIf(postgresMissing)('goes on from PostgreSQL, too', async () => {
    const deviceId = 'in-postgres';
    await using postgres = await startPostgres();
    const environment = {
      IOTHUB_CONNECTION_STRING: emulator.connectionString,
      IOTHUB_CA_FILE: emulator.caFile,
      DATABASE_URL: await postgres.newDatabase(),
    };
    await using device = await startPuppetDevice(emulator, deviceId);
    await using first = await startGatewayProcess(environment);
    const { rebootDevice } = await first.data(RebootDeviceDocument, { input: { deviceId } });
    const id = rebootDevice?.operation.id ?? '';
    await device.called();

    first.program.kill('SIGKILL');
    await first.program.exit();
    await using second = await startGatewayProcess(environment);
    await device.report('after the crash');
    const updates = second.subscribe(WatchOperationDocument, { id });
    await updates.completed;
    const operation = updates.messages.at(-1)?.operation;
    second.program.kill('SIGTERM');

    expect(operation).toMatchObject({ status: 'SUCCEEDED', proof: 'ANNOUNCED' });
    expect(emulator.calls.count({ operation: 'method.invoke', deviceId })).toBe(1);
    expect(await second.program.exit()).toEqual({ code: 0, signal: null });
  });

  test('leaves operations on another hub alone', async () => {
    const deviceId = 'elsewhere';
    emulator.registerDevice(deviceId);
    const elsewhere = { ...requested(deviceId), hub: 'another-hub' };
    const journal = await openSqliteJournal(`${folder.path}/${deviceId}`);
    await journal.create(elsewhere);
    await journal.close();

    await using gateway = await start(deviceId);
    const { operation } = await gateway.data(OperationDocument, { id: elsewhere.id });
    const { errors } = await gateway.execute(OperationTwinDocument, { id: elsewhere.id });

    expect(operation).toMatchObject({ status: 'REQUESTED', device: { deviceId } });
    expect(errors[0]?.message).toBe("hub 'another-hub' is not served by this gateway");
  });

  test('does not share its folder with another', async () => {
    await using _first = await start('shared');
    await expect(start('shared')).rejects.toThrow(/is another gateway using this folder\?/);
  });
});

/** An operation as the journal has it between its recording and its sending. */
function requested(deviceId: string): Operation {
  const [profile] = tutorialProfiles;
  if (!profile) throw new Error('no profile');
  return {
    id: '0199d0d8-0000-7000-8000-000000000001',
    hub: 'localhost',
    deviceId,
    action: profile.action,
    profile: profile.name,
    disturbing: true,
    status: 'REQUESTED',
    proof: null,
    attribution: 'PRESUMED',
    failure: null,
    sequence: 1,
    requestedAt: 0,
    requestedBy: 'local-developer',
    acceptedAt: null,
    finishedAt: null,
    deadlineAt: null,
    updatedAt: 0,
    idempotencyKey: null,
    inputHash: '',
    call: { name: 'reboot', payload: null, responseTimeoutSeconds: 30, connectTimeoutSeconds: 0 },
    expected: profile.evidence ?? null,
    deadlineSeconds: 300,
    baseline: {
      twinVersion: 1,
      desiredVersion: 1,
      desiredLastUpdated: undefined,
      deviceEtag: '',
      connected: false,
      value: undefined,
      lastUpdated: null,
      hubTime: null,
      observedAt: 0,
    },
    sentAt: null,
    answer: null,
    report: null,
    seen: 'CONNECTED',
    history: [
      { sequence: 1, at: 0, type: 'REQUESTED', status: 'REQUESTED', message: '', data: null },
    ],
  };
}
