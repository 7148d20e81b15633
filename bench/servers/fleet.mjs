// An emulator with a fleet, and the same twins at hand for the query module and for a filter written by hand.
import { createClock } from '../../dist/emulator/clock.js';
import { startEmulator } from '../../dist/emulator/emulator.js';
import { createHostNames } from '../../dist/emulator/host-names.js';
import { createHub } from '../../dist/emulator/hub/hub.js';
import { forgetfulJournal } from '../../dist/emulator/hub/journal.js';
import { compileQuery } from '../../dist/emulator/query/index.js';
import { plantSeed } from '../../dist/emulator/seed.js';
import { createSeed } from '../harness/fleet.mjs';
import { serve } from '../harness/serve.mjs';

const text =
  "SELECT * FROM devices WHERE tags.site = 'site-7' AND properties.reported.telemetry.temperature >= 40";
let twins;

/** The same by hand, in the same order of tests, and as wary of what is missing. */
function filterByHand() {
  const found = [];
  for (const twin of twins) {
    if (twin.tags?.site === 'site-7' && twin.properties.reported.telemetry?.temperature >= 40) {
      found.push(twin);
    }
  }
  return found;
}

/** The query, from its text to its rows. */
function query() {
  return compileQuery(text).run(twins);
}

serve({
  async start({ dataDir, devices }) {
    const seed = createSeed(devices);
    const hub = createHub({
      clock: createClock(),
      hostNames: createHostNames(),
      journal: forgetfulJournal,
    });
    plantSeed(hub, seed);
    twins = [...hub.registry.devices.values()].map((device) => device.twinDocument);
    const found = filterByHand().map(({ deviceId }) => deviceId);
    const same = query().map(({ deviceId }) => deviceId);
    if (found.length === 0 || found.join() !== same.join()) throw new Error('the answers differ');

    const emulator = await startEmulator({ httpsPort: 0, mqttPort: 0, dataDir, seed });
    const { httpsPort, ca, connectionString } = emulator;
    const serviceKey = /SharedAccessKey=(.*)$/.exec(connectionString)[1];
    return { httpsPort, ca, serviceKey, text, found };
  },
  filter: (count) => time(filterByHand, count),
  query: (count) => time(query, count),
});

/** How many milliseconds each of so many calls takes. */
function time(call, count) {
  return Array.from({ length: count }, () => {
    const startedAt = performance.now();
    call();
    return performance.now() - startedAt;
  });
}
