// graphql-ws as it comes, over the same schema: every subscriber is executed and serialised alone.
import { createServer } from 'node:http';
import { Repeater } from '@repeaterjs/repeater';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import { createSchema } from '../../dist/resolvers/index.js';
import { localDeveloper } from '../../dist/services/access.js';
import { serve } from '../harness/serve.mjs';
import { listen } from './listen.mjs';
import { createStatus } from './reboot-status.mjs';

const outlets = new Set();

serve({
  async start() {
    const status = () =>
      new Repeater(async (push, stop) => {
        outlets.add(push);
        push(createStatus(0));
        await stop;
        outlets.delete(push);
      });
    const server = createServer();
    const sockets = new WebSocketServer({ server, path: '/graphql' });
    const context = { caller: localDeveloper, reboots: { status } };
    useServer({ schema: await createSchema(), context }, sockets);
    return { port: await listen(server) };
  },

  /** The device changes. */
  emit(version) {
    for (const push of outlets) push(createStatus(version));
  },
});
