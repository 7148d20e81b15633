// The gateway's own front and schema, before a device that changes when it is told to.
import { Repeater } from '@repeaterjs/repeater';
import { pino } from 'pino';
import { createSchema } from '../../dist/resolvers/index.js';
import { defaultLimits } from '../../dist/server/limits/limits.js';
import { createServer } from '../../dist/server/server.js';
import { localDeveloper } from '../../dist/services/access.js';
import { RequestError } from '../../dist/services/errors.js';
import { oneForAll } from '../harness/gateway.mjs';
import { serve } from '../harness/serve.mjs';
import { createStatus } from './reboot-status.mjs';

const outlets = new Set();
let front;

serve({
  async start() {
    const status = () =>
      new Repeater(async (push, stop) => {
        outlets.add(push);
        push(createStatus(0));
        await stop;
        outlets.delete(push);
      });
    front = await createServer({
      schema: await createSchema(),
      context: () => ({ caller: localDeveloper, reboots: { status } }),
      host: '127.0.0.1',
      corsOrigins: [],
      limits: { ...defaultLimits, ...oneForAll },
      logger: pino({ level: 'silent' }),
      stoppingReason: new RequestError('SHUTTING_DOWN', 'the gateway is stopping'),
    });
    await front.listen({ host: '127.0.0.1', port: 0 });
    return { port: front.server.address().port };
  },

  /** The device changes. */
  emit(version) {
    for (const push of outlets) push(createStatus(version));
  },

  counts: () => front.liveCounts(),
});
