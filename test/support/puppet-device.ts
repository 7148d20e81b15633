import { connectDevice, type TestDevice } from '../emulator/support/device.js';
import type { TestEmulator } from '../emulator/support/emulator.js';

/** A device of the node convention whose test decides when it reports and answers. */
export interface PuppetDevice extends AsyncDisposable {
  /** Resolves with the answer to the next call that reaches it. */
  called(): Promise<(status: number) => Promise<void>>;
  /** Reports a reboot. */
  report(lastReboot: string): Promise<void>;
}

export async function startPuppetDevice(
  emulator: TestEmulator,
  deviceId: string,
): Promise<PuppetDevice> {
  const device = await connectDevice(emulator, emulator.registerDevice(deviceId));
  return {
    called: methodCalls(device),
    report: (lastReboot) => report(device, { iothubDM: { reboot: { lastReboot } } }),
    [Symbol.asyncDispose]: () => device[Symbol.asyncDispose](),
  };
}

/** Reports as a device does, over MQTT with the official SDK. */
export async function report({ client }: TestDevice, patch: object): Promise<void> {
  const twin = await client.getTwin();
  await new Promise<void>((resolve, reject) => {
    twin.properties.reported['update'](patch, (error?: Error) =>
      error ? reject(error) : resolve(),
    );
  });
}

function methodCalls({ client }: TestDevice): PuppetDevice['called'] {
  const arrived: ((status: number) => Promise<void>)[] = [];
  const waiting: ((answer: (status: number) => Promise<void>) => void)[] = [];
  client.onDeviceMethod('reboot', (_request, response) => {
    const answer = (status: number) => response.send(status) as Promise<unknown> as Promise<void>;
    const waiter = waiting.shift();
    if (waiter) waiter(answer);
    else arrived.push(answer);
  });
  return () =>
    new Promise((resolve) => {
      const answer = arrived.shift();
      if (answer) resolve(answer);
      else waiting.push(resolve);
    });
}
