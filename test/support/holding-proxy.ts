import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A way to a port on which connections can be kept waiting. */
export interface HoldingProxy extends AsyncDisposable {
  readonly port: number;
  /** From now on, new connections stand but nothing of theirs passes. */
  hold(): void;
  /** Resolves when a connection is waiting. */
  held(): Promise<void>;
  /** Breaks every connection off; new ones pass. */
  cut(): void;
  /** Lets those pass that wait, and all that come. */
  release(): void;
}

export async function startHoldingProxy(target: number): Promise<HoldingProxy> {
  const sockets = new Set<Socket>();
  const waiting: Socket[] = [];
  let holding = false;
  let tell = () => {};
  const track = (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
    return socket;
  };
  const pass = (socket: Socket) => {
    const onward = track(connect(target, '127.0.0.1'));
    socket.pipe(onward).pipe(socket);
    socket.on('close', () => onward.destroy());
    onward.on('close', () => socket.destroy());
  };
  const server = createServer((socket) => {
    track(socket);
    if (!holding) return pass(socket);
    waiting.push(socket);
    tell();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    hold() {
      holding = true;
    },
    held: () =>
      new Promise((resolve) => {
        tell = resolve;
        if (waiting.length > 0) resolve();
      }),
    cut() {
      for (const socket of sockets) socket.destroy();
    },
    release() {
      holding = false;
      for (const socket of waiting.splice(0)) pass(socket);
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
