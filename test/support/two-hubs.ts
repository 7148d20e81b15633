import { writeFileSync } from 'node:fs';
import { startTestEmulator, type TestEmulator } from '../emulator/support/emulator.js';
import { createCleanup } from './cleanup.js';
import { type GatewayOptions, startGateway, type TestGateway } from './gateway.js';
import { createTemporaryFolder } from './temporary-folder.js';

/** One gateway before two hubs; one of them it enters by a token, where there is a credential. */
export interface TwoHubs extends AsyncDisposable {
  readonly gateway: TestGateway;
  /** Named `localhost`. */
  readonly north: TestEmulator;
  /** Named `127.0.0.1`. */
  readonly south: TestEmulator;
}

export async function startTwoHubs(options: GatewayOptions = {}): Promise<TwoHubs> {
  const cleanup = createCleanup();
  const folder = cleanup.use(await createTemporaryFolder());
  const north = cleanup.use(await startTestEmulator());
  const south = cleanup.use(await startTestEmulator());
  const gateway = cleanup.use(await startGatewayOfTwo(folder.path, [north, south], options));
  return {
    gateway,
    north,
    south,
    [Symbol.asyncDispose]: () => cleanup[Symbol.asyncDispose](),
  };
}

/** A gateway whose configuration file names both hubs, the second by another name of this machine. */
export function startGatewayOfTwo(
  folder: string,
  [north, south]: readonly [TestEmulator, TestEmulator],
  options: GatewayOptions = {},
): Promise<TestGateway> {
  const CONFIG_FILE = `${folder}/twinql.json`;
  const hubs = [
    { connectionStringEnv: 'NORTH', caFile: north.caFile },
    { connectionString: asSouth(south), caFile: south.caFile, units: 2 },
  ];
  writeFileSync(CONFIG_FILE, JSON.stringify({ hubs }));
  const environment = { CONFIG_FILE, NORTH: north.connectionString, ...options.environment };
  return startGateway(undefined, { ...options, environment });
}

/** The connection string of an emulator under its other name. */
export function asSouth({ connectionString }: TestEmulator): string {
  return connectionString.replace('HostName=localhost', 'HostName=127.0.0.1');
}
