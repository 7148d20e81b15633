// Answers every request with the same bytes.
import { createServer } from 'node:https';
import { serve } from '../harness/serve.mjs';
import { listen } from './listen.mjs';
import { createTlsOptions } from './tls-options.mjs';

serve({
  async start({ dataDir, answer }) {
    const { ca, options } = await createTlsOptions(dataDir);
    const body = Buffer.from(answer.body);
    // Clients are idle while the other side is measured.
    const keepAliveTimeout = 120_000;
    const server = createServer({ ...options, keepAliveTimeout }, (_request, response) => {
      response.writeHead(answer.status, answer.headers);
      response.end(body);
    });
    return { httpsPort: await listen(server), ca };
  },
});
