/** Starts the programs of test/tutorials, with nothing changed but where their hub is. */
import { fileURLToPath } from 'node:url';
import { type Program, type ProgramOptions, startProgram } from './program.js';

export type TutorialDevice =
  | 'node-device'
  | 'node-device-as-printed'
  | 'python-device'
  | 'java-device'
  | 'silent-device'
  | 'refusing-device'
  | 'unreporting-device';

export type TutorialService = 'node-service' | 'python-service' | 'java-service';

export interface TutorialDeviceOptions extends Omit<ProgramOptions, 'args' | 'env'> {
  /** `python-device` only: how long its reboot takes. Default: the tutorial's 20. */
  readonly busySeconds?: number;
}

/** Starts a device program; resolves when it is connected and can be called. */
export async function startTutorialDevice(
  name: TutorialDevice,
  connectionString: string,
  caFile: string,
  { busySeconds, ...options }: TutorialDeviceOptions = {},
): Promise<Program> {
  const program = startProgram(pathOf(`../tutorials/${name}.cjs`), {
    ...options,
    env: {
      IOTHUB_DEVICE_CONNECTION_STRING: connectionString,
      NODE_EXTRA_CA_CERTS: caFile,
      ...(busySeconds === undefined ? {} : { BUSY_SECONDS: String(busySeconds) }),
    },
  });
  try {
    await program.waitFor(/^Connected\. Waiting for \w+\.$/m);
    return program;
  } catch (error) {
    await program[Symbol.asyncDispose]();
    throw error;
  }
}

/** What a service program needs to know of its hub; an emulator has it all. */
export interface ServiceHub {
  readonly sdkConnectionString: string;
  readonly httpsPort: number;
  readonly caFile: string;
}

/** Starts a service program. It dials port 443, as the SDK always does; `hub-ports.cjs` leads it to the hub's. */
export function startTutorialService(
  name: TutorialService,
  hub: ServiceHub,
  options: Omit<ProgramOptions, 'args' | 'env'> = {},
): Program {
  return startProgram(pathOf(`../tutorials/${name}.cjs`), {
    ...options,
    env: {
      IOTHUB_CONNECTION_STRING: hub.sdkConnectionString,
      NODE_EXTRA_CA_CERTS: hub.caFile,
      NODE_OPTIONS: `--require ${JSON.stringify(pathOf('hub-ports.cjs'))}`,
      HUB_PORTS: `443=${hub.httpsPort}`,
    },
  });
}

function pathOf(relative: string): string {
  return fileURLToPath(new URL(relative, import.meta.url));
}
