// Clients of which each has a socket and a subscription of its own, and counts what it is sent.
import { once } from 'node:events';
import WebSocket from 'ws';
import { serve } from '../harness/serve.mjs';

/** Sockets that are opened at the same time. */
const AT_ONCE = 100;

const clients = [];
let received = 0;
let awaited = { count: Number.POSITIVE_INFINITY, resolve: () => {} };

serve({
  /** Opens so many more; resolves when each was sent its first result. */
  async connect({ port, count, query, variables }) {
    const enough = atLeast(received + count);
    for (let done = 0; done < count; done += AT_ONCE) {
      const some = Math.min(AT_ONCE, count - done);
      await Promise.all(Array.from({ length: some }, () => open({ port, query, variables })));
    }
    await enough;
  },

  /** Resolves when so many results have arrived since the start. */
  received: (count) => atLeast(count),

  countReceived: () => received,

  countOpen: () => clients.filter(({ readyState }) => readyState === WebSocket.OPEN).length,

  /** The text of the next message. */
  async next() {
    const [data] = await once(clients[0], 'message');
    return String(data);
  },
});

function atLeast(count) {
  if (received >= count) return undefined;
  return new Promise((resolve) => {
    awaited = { count, resolve };
  });
}

async function open({ port, query, variables }) {
  const url = `ws://127.0.0.1:${port}/graphql`;
  const socket = new WebSocket(url, 'graphql-transport-ws', { perMessageDeflate: false });
  clients.push(socket);
  await once(socket, 'open');
  if (query !== undefined) {
    socket.send('{"type":"connection_init"}');
    await once(socket, 'message');
  }
  // An id as graphql-ws clients make them.
  const id = crypto.randomUUID();
  socket.on('message', count);
  socket.send(JSON.stringify({ id, type: 'subscribe', payload: { query, variables } }));
}

function count() {
  received += 1;
  if (received >= awaited.count) awaited.resolve();
}
