// Subscribers of devices, over graphql-transport-ws. A change says itself when it was made, on this machine's clock.
import { nameDevice } from '../harness/fleet.mjs';
import { serve } from '../harness/serve.mjs';
import { connectSubscribers } from './watcher-socket.mjs';

/** Handshakes under way at a time: more would only wait for the server. */
const concurrency = 32;

let sockets = [];
let delays = [];

serve({
  /**
   * So many subscribers, in turn of the first so many devices, so many on each socket. Resolves
   * when each has seen its device.
   */
  async subscribe({ url, subscribers, devices, perSocket = 1, intervalSeconds }) {
    const groups = [];
    for (let first = 0; first < subscribers; first += perSocket) {
      const count = Math.min(perSocket, subscribers - first);
      groups.push(Array.from({ length: count }, (_, index) => (first + index) % devices));
    }
    const seen = [];
    const connectSome = async () => {
      for (let group = groups.shift(); group; group = groups.shift()) {
        const deviceIds = group.map(nameDevice);
        const socket = await connectSubscribers({ url, deviceIds, intervalSeconds, onChange });
        sockets.push(socket);
        seen.push(socket.seen);
      }
    };
    await Promise.all(Array.from({ length: concurrency }, connectSome));
    await Promise.all(seen);
  },

  /** How long ago (ms) each change was made that came since the last call, when it came. */
  takeDelays() {
    const taken = delays;
    delays = [];
    return taken;
  },

  /** All leave at once. Resolves when the server knows. */
  leave: () => Promise.all(sockets.map((socket) => socket.leave())).then(() => {}),

  /** Closes what is open, so that others can come. */
  async close() {
    const closing = sockets;
    sockets = [];
    await Promise.all(closing.map((socket) => socket.close()));
  },
});

function onChange(madeAt) {
  delays.push(Date.now() - madeAt);
}
