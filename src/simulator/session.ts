/** One connection of one device to its hub, on the official device SDK, from its opening to its loss. */
import { Client, type DeviceMethodRequest, type DeviceMethodResponse } from 'azure-iot-device';
import { Mqtt } from 'azure-iot-device-mqtt';
import type { MethodCall, Properties } from './convention.js';

export interface Session {
  /** Resolves when methods and desired properties arrive here; rejects when the connection fails before. */
  readonly ready: Promise<void>;
  /** Resolves when the connection is gone, for whatever reason. */
  readonly lost: Promise<void>;
  /** Rejects with `ConnectionLostError` when the connection goes before the hub has accepted. */
  report(patch: Properties): Promise<void>;
  /** Resolves when the socket is closed. Safe to call in any state, also twice. */
  close(): Promise<void>;
}

export interface SessionOptions {
  readonly connectionString: string;
  /** The hub's CA as PEM text, where the process does not trust it already. */
  readonly ca?: string | undefined;
  /** The direct methods this device implements. */
  readonly methods: readonly string[];
  onMethod(call: MethodCall): void;
  /** Called with all desired properties when connected and after every change. */
  onDesired(properties: Properties): void;
}

export class ConnectionLostError extends Error {
  override readonly name = 'ConnectionLostError';
}

type UpdateReported = (patch: Properties, done: (error?: Error | null) => void) => void;

// The SDK retries with timers that cannot be cancelled, and reconnects by itself even after close() if one of them
// fires then. Connections are kept by connection.ts instead, which can be stopped.
const noRetry = { shouldRetry: () => false, nextRetryTimeout: () => -1 };

export function openSession(options: SessionOptions): Session {
  const client = Client.fromConnectionString(options.connectionString, Mqtt);
  client.setRetryPolicy(noRetry);

  const { promise: lost, resolve: setLost } = deferred();
  let closed = false;
  client.on('disconnect', () => setLost());
  // Also keeps the process alive: an 'error' event without a listener would end it.
  client.on('error', () => setLost());

  const update = startTwin(client, options, setLost).finally(async () => {
    // A close() in the SDK's first milliseconds of opening goes unheeded: the connection comes up all the same.
    if (closed) await client.close();
  });
  const ready = unlessLost(
    update.then(() => undefined),
    lost,
  );

  return {
    ready,
    lost,
    async report(patch) {
      const send = await unlessLost(update, lost);
      await unlessLost(
        new Promise<void>((resolve, reject) => {
          send(patch, (error) => (error ? reject(error) : resolve()));
        }),
        lost,
      );
    },
    async close() {
      closed = true;
      setLost();
      // The SDK fails to close only what is closed.
      await client.close().catch(() => {});
    },
  };
}

/** Connects, subscribes, and gives the function that updates the reported properties. */
async function startTwin(
  client: Client,
  options: SessionOptions,
  onError: () => void,
): Promise<UpdateReported> {
  if (options.ca !== undefined) await client.setOptions({ ca: options.ca });
  await client.open();
  for (const method of options.methods) {
    client.onDeviceMethod(method, (request, response) => {
      options.onMethod(createCall(request, response));
    });
  }
  // The hub handles a connection's packets in order: once the twin is here, the methods' subscription holds as well,
  // which the SDK does not tell otherwise.
  const twin = await client.getTwin();
  twin.on('error', onError);
  // The SDK hands over the change alone, once it has merged it.
  twin.on('properties.desired', () => options.onDesired(twin.properties.desired));
  const update: UpdateReported = twin.properties.reported['update'];
  return update;
}

function createCall(request: DeviceMethodRequest, response: DeviceMethodResponse): MethodCall {
  return {
    method: request.methodName,
    payload: request.payload,
    answer: (status, body) =>
      new Promise((resolve) => {
        // The only error is a lost connection, and then the hub has told the caller already.
        response.send(status, body, () => resolve());
      }),
  };
}

function unlessLost<T>(work: Promise<T>, lost: Promise<void>): Promise<T> {
  const failure = lost.then((): never => {
    throw new ConnectionLostError('The connection to the hub was lost.');
  });
  return Promise.race([work, failure]);
}

function deferred(): { promise: Promise<void>; resolve: () => void } {
  let resolve: () => void = () => {};
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
