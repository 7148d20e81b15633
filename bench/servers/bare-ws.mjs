// A bare broadcast: the same bytes to all sockets, which is the least that can be done.
import { createServer } from 'node:http';
import { WebSocketServer } from 'ws';
import { serve } from '../harness/serve.mjs';
import { listen } from './listen.mjs';

let sockets;
let message;

serve({
  /** `text` is what it sends; a newcomer is sent it at once. */
  async start({ text }) {
    message = Buffer.from(text);
    const server = createServer();
    sockets = new WebSocketServer({ server, path: '/graphql' });
    sockets.on('connection', (socket) => socket.on('message', () => send(socket)));
    return { port: await listen(server) };
  },

  emit() {
    for (const socket of sockets.clients) send(socket);
  },
});

function send(socket) {
  socket.send(message, { binary: false });
}
