// What the device management tutorials do: each client reads the twin of its device over and over, with Microsoft's SDK.
import '../../test/support/hub-ports.cjs'; // the SDK knows only port 443
import azureIothub from 'azure-iothub';
import { nameDevice } from '../harness/fleet.mjs';
import { serve } from '../harness/serve.mjs';

let clients = [];
let delays = [];

serve({
  /** So many clients, in turn of the first so many devices, that begin evenly over the first interval. */
  watch({ hub, count, devices, intervalMs }) {
    process.env.HUB_PORTS = `443=${hub.httpsPort}`;
    process.env.HUB_CA = hub.caFile;
    clients = Array.from({ length: count }, (_, index) => {
      const poll = createPoll(hub.sdkConnectionString, nameDevice(index % devices));
      const client = { timer: undefined };
      client.timer = setTimeout(
        () => {
          poll();
          client.timer = setInterval(poll, intervalMs);
        },
        (intervalMs * index) / count,
      );
      return client;
    });
  },

  /** How long ago (ms) each change was made that was seen since the last call, when it was. */
  takeDelays() {
    const taken = delays;
    delays = [];
    return taken;
  },

  stop() {
    for (const { timer } of clients) clearInterval(timer);
  },
});

function createPoll(connectionString, deviceId) {
  const registry = azureIothub.Registry.fromConnectionString(connectionString);
  let shown;
  return () =>
    registry.getTwin(deviceId, (error, twin) => {
      if (error) throw error;
      const { changedAt = null } = twin.properties.reported;
      if (shown !== undefined && changedAt !== shown) delays.push(Date.now() - changedAt);
      shown = changedAt;
    });
}
