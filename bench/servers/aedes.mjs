// A bare MQTT broker: it takes in publishes and acknowledges them, and nobody listens.
import { createServer } from 'node:tls';
import { Aedes } from 'aedes';
import { serve } from '../harness/serve.mjs';
import { listen } from './listen.mjs';
import { createTlsOptions } from './tls-options.mjs';

serve({
  async start({ dataDir }) {
    const { ca, options } = await createTlsOptions(dataDir);
    const broker = await Aedes.createBroker();
    return { mqttPort: await listen(createServer(options, broker.handle)), ca };
  },
});
