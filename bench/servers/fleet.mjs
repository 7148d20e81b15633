// A hub with a fleet behind its HTTPS door, and its very twins at hand for the query module and for a filter by hand,
// so that all three go over the same objects.
import { issueCertificates } from '../../dist/emulator/certificates.js';
import { createClock } from '../../dist/emulator/clock.js';
import { createHostNames } from '../../dist/emulator/host-names.js';
import { createHttpDoor } from '../../dist/emulator/http/server.js';
import { createHub } from '../../dist/emulator/hub/hub.js';
import { forgetfulJournal } from '../../dist/emulator/hub/journal.js';
import { silentLogger } from '../../dist/emulator/logger.js';
import { formatServiceConnectionString } from '../../dist/emulator/policies.js';
import { compileQuery } from '../../dist/emulator/query/index.js';
import { plantSeed } from '../../dist/emulator/seed.js';
import { createSeed } from '../harness/fleet.mjs';
import { serve } from '../harness/serve.mjs';
import { listen } from './listen.mjs';

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
    const clock = createClock();
    const hostNames = createHostNames();
    const hub = createHub({ clock, hostNames, journal: forgetfulJournal });
    plantSeed(hub, createSeed(devices));
    twins = [...hub.registry.devices.values()].map((device) => device.twinDocument);
    const found = filterByHand().map(({ deviceId }) => deviceId);
    const same = query().map(({ deviceId }) => deviceId);
    if (found.length === 0 || found.join() !== same.join()) throw new Error('the answers differ');

    const certificates = await issueCertificates(dataDir, hostNames, clock.now());
    const { server } = createHttpDoor(hub, certificates, {
      logger: silentLogger,
      webSocketProtocols: new Map(),
    });
    const serviceKey = /SharedAccessKey=(.*)$/.exec(formatServiceConnectionString('localhost'))[1];
    return { httpsPort: await listen(server), ca: certificates.ca, serviceKey, text, found };
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
