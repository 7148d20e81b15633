import { once } from 'node:events';
import { WebSocket } from 'ws';

const query = `subscription ($id: ID!, $intervalSeconds: Int) {
  device(id: $id, intervalSeconds: $intervalSeconds) {
    deviceId version observedAt reportedProperties(paths: ["changedAt"]) { value }
  }
}`;

/** One socket with a subscriber for each of these devices. `onChange` is told when a change was made (ms). */
export async function connectSubscribers({ url, deviceIds, intervalSeconds, onChange }) {
  const socket = new WebSocket(url, 'graphql-transport-ws', { perMessageDeflate: false });
  const shown = deviceIds.map(() => undefined);
  let unseen = deviceIds.length;
  let left = false;
  let onPong = () => {};
  let seenAll;
  let fail;
  const seen = new Promise((resolve, reject) => {
    seenAll = resolve;
    fail = reject;
  });
  seen.catch(() => {}); // whoever waits for it hears of it
  socket.on('error', fail);
  socket.on('close', (code, reason) => fail(new Error(`a socket was closed: ${code} ${reason}`)));

  await Promise.race([once(socket, 'open'), seen]);
  socket.send('{"type":"connection_init"}');
  await Promise.race([once(socket, 'message'), seen]);

  socket.on('message', (data) => {
    const { type, id, payload } = JSON.parse(data);
    if (type === 'ping') return socket.send('{"type":"pong"}');
    if (type === 'pong') return onPong();
    if (left) return; // sent before the server knew
    if (type !== 'next' || payload.errors) return fail(new Error(`the server sent ${data}`));
    const [{ value: madeAt }] = payload.data.device.reportedProperties;
    if (shown[id] === undefined) {
      unseen--;
      if (unseen === 0) seenAll();
    } else if (madeAt !== shown[id]) {
      onChange(madeAt);
    }
    shown[id] = madeAt;
  });
  deviceIds.forEach((id, index) => {
    const payload = { query, variables: { id, intervalSeconds } };
    socket.send(JSON.stringify({ type: 'subscribe', id: String(index), payload }));
  });

  return {
    seen,
    /** Resolves when the server knows that all have left: it answers in the order in which it is told. */
    async leave() {
      left = true;
      const told = new Promise((resolve) => {
        onPong = resolve;
      });
      deviceIds.forEach((_id, index) => {
        socket.send(JSON.stringify({ type: 'complete', id: String(index) }));
      });
      socket.send('{"type":"ping"}');
      await told;
    },
    async close() {
      socket.close(1000);
      await once(socket, 'close');
    },
  };
}
