import { connectDevice } from '../emulator/support/device.js';
import type { TestEmulator } from '../emulator/support/emulator.js';
import { report } from './puppet-device.js';

export interface MethodRequest {
  readonly payload: unknown;
  answer(status: number, payload?: unknown): Promise<void>;
}

/** A device whose test decides what it answers and reports. It goes with `await using`. */
export interface ScriptedDevice extends AsyncDisposable {
  /** Resolves with the next call that reaches it. */
  called(): Promise<MethodRequest>;
  /** Resolves when its desired properties are like this. */
  desires(isLike: (desired: Record<string, unknown>) => boolean): Promise<void>;
  report(patch: object): Promise<void>;
}

export async function startScriptedDevice(
  emulator: TestEmulator,
  deviceId: string,
  methods: readonly string[] = [],
  tags: object = {},
): Promise<ScriptedDevice> {
  const connectionString = emulator.registerDevice(deviceId, { tags: { ...tags } });
  const device = await connectDevice(emulator, connectionString);
  const { client } = device;
  const calls = createQueue<MethodRequest>();
  for (const method of methods) {
    client.onDeviceMethod(method, (request, response) =>
      calls.add({
        payload: request.payload,
        answer: (status, payload) =>
          response.send(status, payload) as Promise<unknown> as Promise<void>,
      }),
    );
  }
  // The hub takes a device's packets in order: once the twin is here, methods are subscribed to.
  const twin = await client.getTwin();
  return {
    called: calls.next,
    desires: (isLike) =>
      new Promise((resolve) => {
        twin.on('properties.desired', () => {
          if (isLike(twin.properties.desired)) resolve();
        });
      }),
    report: (patch) => report(device, patch),
    [Symbol.asyncDispose]: () => device[Symbol.asyncDispose](),
  };
}

function createQueue<Item>() {
  const arrived: Item[] = [];
  const waiting: ((item: Item) => void)[] = [];
  return {
    add(item: Item): void {
      const waiter = waiting.shift();
      if (waiter) waiter(item);
      else arrived.push(item);
    },
    next: (): Promise<Item> =>
      new Promise((resolve) => {
        const item = arrived.shift();
        if (item === undefined) waiting.push(resolve);
        else resolve(item);
      }),
  };
}
