/** A line to a PostgreSQL server, on which everything can happen that happens to networks. */
import { once } from 'node:events';
import { createServer, connect as dial, type Socket } from 'node:net';

export interface Line extends AsyncDisposable {
  /** The URL of the same database, by way of this line. */
  readonly url: string;
  /** How many connections there have been. */
  readonly connections: number;
  /** From here on swallows everything, as a network does. */
  cut(): void;
  /** Lets new connections through; those that were cut never speak again. */
  mend(): void;
  /** Told of each statement before the server is; each with what can happen to it. */
  onStatement(listener: (text: string, connection: LineConnection) => void): void;
}

export interface LineConnection {
  /** The server does what it is asked, and the connection breaks before anybody hears of it. */
  loseAnswer(): void;
}

export async function createLine(url: string): Promise<Line> {
  const target = new URL(url);
  let whole = true;
  let connections = 0;
  const sockets = new Set<Socket>();
  const cuts = new Set<() => void>();
  const listeners: ((text: string, connection: LineConnection) => void)[] = [];
  const proxy = createServer((near) => {
    connections += 1;
    const far = dial(Number(target.port), target.hostname);
    // What is swallowed stays swallowed: a connection of a line that was cut never speaks again.
    let open = whole;
    let losing = false;
    cuts.add(() => {
      open = false;
    });
    const connection: LineConnection = {
      loseAnswer() {
        losing = true;
      },
    };
    near.on('data', (bytes) => {
      const text = bytes.toString('latin1');
      for (const listener of listeners) listener(text, connection);
      if (open) far.write(bytes);
    });
    far.on('data', (bytes) => {
      if (losing) near.destroy();
      else if (open) near.write(bytes);
    });
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.on('error', () => {});
      from.on('close', () => to.destroy());
    }
  }).listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const address = proxy.address();
  if (address === null || typeof address === 'string') throw new TypeError('it listens on a port');
  return {
    url: Object.assign(new URL(url), { port: String(address.port) }).href,
    get connections() {
      return connections;
    },
    cut() {
      whole = false;
      for (const cut of cuts) cut();
    },
    mend() {
      whole = true;
    },
    onStatement: (listener) => void listeners.push(listener),
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      proxy.close();
      await once(proxy, 'close');
    },
  };
}
