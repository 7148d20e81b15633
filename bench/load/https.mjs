// Services that send one request over and over.
import { serve } from '../harness/serve.mjs';
import { connectClient, parseAnswer } from './https-client.mjs';

let clients = [];

serve({
  /** Opens so many connections; `request` is the text that each will send. */
  async connect({ port, ca, count, request }) {
    const connect = () => connectClient({ port, ca, request });
    clients = await Promise.all(Array.from({ length: count }, connect));
  },

  /** One answer: its status, headers and body. */
  fetch: async () => parseAnswer(await clients[0].fetch()),

  /** Lets every client send for `durationMs`, one request at a time. */
  async work({ durationMs }) {
    const startedAt = performance.now();
    const counts = await Promise.all(clients.map((client) => client.send(durationMs)));
    const elapsedMs = performance.now() - startedAt;
    return { units: counts.reduce((sum, count) => sum + count, 0), elapsedMs };
  },

  /** How many milliseconds each of so many answers takes. */
  async time(count) {
    const times = [];
    for (let index = 0; index < count; index++) {
      const startedAt = performance.now();
      await clients[0].fetch();
      times.push(performance.now() - startedAt);
    }
    return times;
  },
});
