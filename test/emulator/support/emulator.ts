import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Emulator,
  type EmulatorOptions,
  startEmulator,
} from '../../../src/emulator/emulator.js';

export interface TestEmulator extends Emulator, AsyncDisposable {
  readonly dataDir: string;
}

/** An emulator on free ports with a folder of its own; both go with `await using`. */
export async function startTestEmulator(options: EmulatorOptions = {}): Promise<TestEmulator> {
  const dataDir = mkdtempSync(join(tmpdir(), 'twinql-emulator-'));
  const emulator = await startEmulator({ httpsPort: 0, mqttPort: 0, dataDir, ...options });
  return {
    ...emulator,
    dataDir,
    async [Symbol.asyncDispose]() {
      await emulator.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
