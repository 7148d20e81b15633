import { connect as connectTls } from 'node:tls';

const empty = Buffer.alloc(0);

/** A client on a kept-alive connection of its own, which sends one request over and over. */
export async function connectClient({ port, ca, request }) {
  const socket = connectTls({ host: '127.0.0.1', port, ca, servername: 'localhost' });
  const broken = new Promise((_, reject) => {
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('the server has closed a connection')));
  });
  broken.catch(() => {}); // whoever waits for something hears of it
  await Promise.race([new Promise((resolve) => socket.once('secureConnect', resolve)), broken]);

  const bytes = Buffer.from(request);
  let received = empty;
  let onAnswer;
  socket.on('data', (chunk) => {
    received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
    const length = measureAnswer(received);
    if (length === undefined || received.length < length) return;
    const answer = received;
    received = empty;
    onAnswer(answer);
  });

  return {
    /** Sends the request once and resolves with the whole answer. */
    fetch() {
      socket.write(bytes);
      return Promise.race([
        new Promise((resolve) => {
          onAnswer = resolve;
        }),
        broken,
      ]);
    },
    /** Sends for so long, one request at a time. Resolves with how many were answered. */
    send(durationMs) {
      const until = performance.now() + durationMs;
      const done = new Promise((resolve, reject) => {
        let count = 0;
        onAnswer = (answer) => {
          if (!isGood(answer)) reject(new Error(`the answer was ${answer.toString('latin1')}`));
          count++;
          if (performance.now() < until) socket.write(bytes);
          else resolve(count);
        };
        socket.write(bytes);
      });
      return Promise.race([done, broken]);
    },
  };
}

/** Takes an answer apart. */
export function parseAnswer(answer) {
  const text = answer.toString('utf8');
  const end = text.indexOf('\r\n\r\n');
  const [statusLine, ...lines] = text.slice(0, end).split('\r\n');
  return {
    status: Number(statusLine.split(' ')[1]),
    headers: Object.fromEntries(lines.map((line) => line.split(/: (.*)/))),
    body: text.slice(end + 4),
  };
}

/** The length of the answer that `bytes` begins with, once its head is there. */
function measureAnswer(bytes) {
  const end = bytes.indexOf('\r\n\r\n');
  if (end === -1) return undefined;
  const [, length] = /\r\ncontent-length: (\d+)/i.exec(bytes.latin1Slice(0, end)) ?? [];
  if (length === undefined) throw new Error('the answer does not say how long it is');
  return end + 4 + Number(length);
}

function isGood(answer) {
  return answer.latin1Slice(0, 12) === 'HTTP/1.1 200';
}
