// The gateway as it is shipped: the built main.js in this process, which also tells what it uses.
import { serve } from '../harness/serve.mjs';

const ready = /WebSocket at http(\S+)\/graphql/;

serve({
  /** Starts it with these environment variables. Resolves with where its WebSocket is. */
  start(environment) {
    Object.assign(process.env, environment);
    return new Promise((resolve, reject) => {
      // What it says is for operators; a table is to follow.
      process.stdout.write = (text) => {
        const [, address] = ready.exec(text) ?? [];
        if (address !== undefined) resolve({ url: `ws${address}/graphql` });
        return true;
      };
      import('../../dist/main.js').catch(reject);
    });
  },
});
