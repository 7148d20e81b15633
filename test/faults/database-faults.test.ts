import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { startTestEmulator, type TestEmulator } from '../emulator/support/emulator.js';
import { createCleanup } from '../support/cleanup.js';
import { type GatewayProcess, startGatewayProcess } from '../support/gateway.js';
import { OperationDocument, RebootDeviceDocument } from '../support/operations.js';
import { postgresMissing, startPostgresServer } from '../support/postgres.js';
import { startPuppetDevice } from '../support/puppet-device.js';
import { createTemporaryFolder } from '../support/temporary-folder.js';
import { type DatabaseFault, databaseFaults } from './database-faults.js';
import { outgrowing, preloading } from './support/preloads.js';

const run = promisify(execFile);
const patience = { timeout: 40_000, interval: 200 };

/** A gateway whose database goes wrong when it is told to. */
interface Failing extends AsyncDisposable {
  readonly gateway: GatewayProcess;
  begin(): Promise<void>;
  end(): Promise<void>;
}

const tried = databaseFaults.filter(
  ({ fault }) => fault === 'SQLITE_FULL' || postgresMissing === undefined,
);

describe('a gateway', () => {
  let emulator: TestEmulator;

  beforeAll(async () => {
    emulator = await startTestEmulator();
  });

  afterAll(async () => {
    await emulator[Symbol.asyncDispose]();
  });

  async function startFailing(fault: DatabaseFault['fault']): Promise<Failing> {
    const cleanup = createCleanup();
    const folder = cleanup.use(await createTemporaryFolder());
    const start = async (environment: Readonly<Record<string, string>>) =>
      cleanup.use(
        await startGatewayProcess({
          IOTHUB_CONNECTION_STRING: emulator.connectionString,
          IOTHUB_CA_FILE: emulator.caFile,
          HUB_TIER: 'S3',
          ...environment,
        }),
      );
    const parts = { [Symbol.asyncDispose]: () => cleanup[Symbol.asyncDispose]() };
    if (fault === 'SQLITE_FULL') {
      const gateway = await start({ DATA_DIR: folder.path, ...preloading(outgrowing) });
      const limit = (size: string) =>
        run('prlimit', ['--pid', String(gateway.program.pid), `--fsize=${size}:unlimited`]);
      return {
        ...parts,
        gateway,
        // Nothing can be appended to the log of SQLite, nor written anew.
        begin: async () => void (await limit('1')),
        end: async () => void (await limit('unlimited')),
      };
    }
    const server = cleanup.use(await startPostgresServer());
    const gateway = await start({ DATABASE_URL: await server.newDatabase() });
    if (fault === 'POSTGRES_AWAY') {
      return { ...parts, gateway, begin: () => server.stop('FAST'), end: () => server.start() };
    }
    const writing = new URL(server.url);
    writing.searchParams.set('options', '-c default_transaction_read_only=off');
    const set = async (statement: string) => {
      await server.execute(`alter system ${statement}`, writing.href);
      await server.execute('select pg_reload_conf()');
    };
    return {
      ...parts,
      gateway,
      begin: () => set('set default_transaction_read_only = on'),
      end: () => set('reset default_transaction_read_only'),
    };
  }

  test.each(tried)(
    'whose database fails ($what) refuses truthfully, loses nothing and goes on by itself',
    async ({ fault, readiness }) => {
      const [first, second] = [`first-${fault}`, `second-${fault}`];
      await using device = await startPuppetDevice(emulator, first);
      await using other = await startPuppetDevice(emulator, second);
      await using failing = await startFailing(fault);
      const { gateway } = failing;
      const calls = (deviceId: string) =>
        emulator.calls.count({ operation: 'method.invoke', deviceId });
      const { rebootDevice } = await gateway.data(RebootDeviceDocument, {
        input: { deviceId: first },
      });
      const answer = await device.called();

      await failing.begin();
      await vi.waitFor(async () => {
        const refused = await gateway.execute(RebootDeviceDocument, {
          input: { deviceId: second },
        });
        expect(refused.errors).toMatchObject([{ extensions: { code: 'DATABASE_UNAVAILABLE' } }]);
      }, patience);
      await answer(200);
      await device.report('meanwhile');
      const twin = await fetch(`${gateway.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query: `{ device(id: "${first}") { deviceId } }` }),
      }).then((response) => response.json());
      await vi.waitFor(async () => {
        expect((await fetch(`${gateway.url}/readyz`)).status).toBe(readiness);
      }, patience);
      expect(calls(second)).toBe(0);
      await failing.end();

      const id = rebootDevice?.operation.id ?? '';
      await vi.waitFor(async () => {
        const { operation } = await gateway.data(OperationDocument, { id });
        expect(operation).toMatchObject({ status: 'SUCCEEDED', response: { status: 200 } });
        const sequences = operation?.history.map(({ sequence }) => sequence) ?? [];
        expect(sequences).toEqual(sequences.map((_, index) => index + 1));
      }, patience);
      expect(twin).toMatchObject({ data: { device: { deviceId: first } } });
      const again = await gateway.data(RebootDeviceDocument, { input: { deviceId: second } });
      expect(again.rebootDevice?.started).toBe(true);
      await (await other.called())(200);
      expect([calls(first), calls(second)]).toEqual([1, 1]);
    },
    120_000,
  );
});
