// Holds TLS sockets and answers whatever comes with a CONNACK, no more.
import { createServer } from 'node:tls';
import { serve } from '../harness/serve.mjs';
import { listen } from './listen.mjs';
import { createTlsOptions } from './tls-options.mjs';

const connack = Buffer.from([0x20, 2, 0, 0]);

serve({
  async start({ dataDir }) {
    const { ca, options } = await createTlsOptions(dataDir);
    const server = createServer(options, (socket) => {
      socket.on('error', () => socket.destroy());
      socket.on('data', () => socket.write(connack));
    });
    return { mqttPort: await listen(server), ca };
  },
});
