import { once } from 'node:events';
import WebSocket from 'ws';

/** A client that speaks graphql-transport-ws message by message, and can stop reading. */
export interface Wire extends AsyncDisposable {
  readonly socket: WebSocket;
  /** All messages so far, but for the `connection_ack`. */
  readonly messages: readonly Message[];
  send(message: Message): void;
  /** Subscribes, and names it `id`. */
  subscribe(id: string, query: string, variables?: Record<string, unknown>): void;
  /** The first message, early or late, that is like this. */
  waitFor(isLike: (message: Message) => boolean): Promise<Message>;
  /** Resolves with the code and reason of its close. */
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
  /** Stops reading: what the front sends stays on its way. */
  pause(): void;
  resume(): void;
}

export interface Message {
  readonly type: string;
  readonly id?: string;
  readonly payload?: unknown;
}

export interface WireOptions extends WebSocket.ClientOptions {
  /** The payload of its `connection_init`. */
  readonly init?: Readonly<Record<string, unknown>>;
}

/** Connects, and takes the step that comes before all others. */
export async function openWire(url: string, { init, ...options }: WireOptions = {}): Promise<Wire> {
  const address = `${url.replace('http', 'ws')}/graphql`;
  const socket = new WebSocket(address, 'graphql-transport-ws', options);
  const messages: Message[] = [];
  const checks = new Set<() => void>();
  const closed = once(socket, 'close').then(([code, reason]) => ({ code, reason: `${reason}` }));
  socket.on('error', () => {});
  socket.on('message', (data) => {
    const message = JSON.parse(String(data)) as Message;
    messages.push(message);
    for (const check of [...checks]) check();
  });
  const wire: Wire = {
    socket,
    messages,
    closed,
    send: (message) => socket.send(JSON.stringify(message)),
    subscribe: (id, query, variables) =>
      wire.send({ id, type: 'subscribe', payload: { query, variables } }),
    waitFor: (isLike) =>
      new Promise((resolve, reject) => {
        const check = () => {
          const found = messages.find(isLike);
          if (found === undefined) return;
          checks.delete(check);
          resolve(found);
        };
        checks.add(check);
        check();
        closed.then(({ code, reason }) => reject(new Error(`closed with ${code} ${reason}`)));
      }),
    pause: () => socket.pause(),
    resume: () => socket.resume(),
    async [Symbol.asyncDispose]() {
      socket.terminate();
      await closed;
    },
  };
  await once(socket, 'open');
  wire.send({ type: 'connection_init', ...(init && { payload: init }) });
  await wire.waitFor(({ type }) => type === 'connection_ack');
  messages.shift();
  return wire;
}

/** What was sent as results of one subscription. */
export function resultsOf(wire: Wire, id: string): readonly unknown[] {
  return wire.messages
    .filter((message) => message.id === id && message.type === 'next')
    .map(({ payload }) => payload);
}
