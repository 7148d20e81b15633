import { once } from 'node:events';
import { request as httpRequest, type RequestOptions } from 'node:http';
import { connect, type Socket } from 'node:net';
import WebSocket from 'ws';

/** What is done with connections, from an address of the attacker's own. */
export interface ConnectionAttack {
  readonly id: string;
  /** What is sent. */
  readonly sent: string;
  /** What must come back: exactly these, each at least once. */
  readonly outcomes: readonly string[];
  /** Sends it; gives what came back. */
  readonly run: (target: Target) => Promise<Iterable<string>>;
}

export interface Target {
  readonly host: string;
  readonly port: number;
  /** The address to come from. */
  readonly localAddress: string;
}

const typename = JSON.stringify({ query: '{ __typename }' });
const json = { 'content-type': 'application/json' };

/** Attacks by taking one's time. */
export const slowAttacks: readonly ConnectionAttack[] = [
  {
    id: 'slow-head',
    sent: '200 connections that send a byte of the head each second',
    outcomes: ['cut off'],
    run: (target) => repeat(200, 200, () => trickle(target, 'POST /graphql HTTP/1.1\r\nx: ')),
  },
  {
    id: 'slow-body',
    sent: '200 connections that send a byte of the body each second',
    outcomes: ['cut off'],
    run: (target) => {
      const head = [
        'POST /graphql HTTP/1.1',
        `host: ${target.host}:${target.port}`,
        'content-type: application/json',
        'content-length: 10000',
      ];
      return repeat(200, 200, () => trickle(target, `${head.join('\r\n')}\r\n\r\n`));
    },
  },
  {
    id: 'silent-connections',
    sent: '200 connections that send nothing',
    outcomes: ['cut off'],
    run: (target) => repeat(200, 200, () => trickle(target)),
  },
];

export const connectionAttacks: readonly ConnectionAttack[] = [
  {
    id: 'request-flood',
    sent: '1,500 requests at once from one address',
    outcomes: ['HTTP 200', 'HTTP 429 RATE_LIMITED'],
    run: (target) => repeat(1_500, 200, () => post(target, typename)),
  },
  {
    id: 'batch',
    sent: 'a list of 1,000 requests in one',
    outcomes: ['HTTP 400 BAD_REQUEST'],
    run: (target) => one(post(target, `[${Array(1_000).fill(typename).join()}]`)),
  },
  {
    id: 'mutation-by-get',
    sent: 'a mutation in the address of a GET, as a link could',
    outcomes: ['HTTP 405 BAD_REQUEST'],
    run: (target) => {
      const query = 'mutation { rebootDevice(input: {deviceId: "x"}) { started } }';
      const path = `/graphql?${new URLSearchParams({ query })}`;
      return one(ask(target, { path, headers: json }));
    },
  },
  {
    id: 'forged-form',
    sent: 'a request as a form of another page can send it: GET, or POST of plain text',
    outcomes: ['HTTP 400 BAD_REQUEST'],
    run: async (target) => [
      await ask(target, { path: `/graphql?${new URLSearchParams({ query: '{ __typename }' })}` }),
      await post(target, typename, { 'content-type': 'text/plain' }),
    ],
  },
  {
    id: 'polluted-body',
    sent: 'a body whose variables have `__proto__`, or `constructor.prototype`',
    outcomes: ['HTTP 400 BAD_REQUEST'],
    run: async (target) => [
      await post(target, '{"query":"{ __typename }","variables":{"__proto__":{"admin":true}}}'),
      await post(
        target,
        '{"query":"{ __typename }","variables":{"constructor":{"prototype":{"admin":true}}}}',
      ),
    ],
  },
  {
    id: 'deep-body',
    sent: '500,000 lists within each other, as the body and as a variable in it',
    outcomes: ['HTTP 400 BAD_REQUEST', 'HTTP 400 REQUEST_TOO_COMPLEX'],
    run: async (target) => {
      const lists = `${'['.repeat(500_000)}${']'.repeat(500_000)}`;
      const body = `{"query":"{ __typename }","variables":{"x":${lists}}}`;
      return [await post(target, lists), await post(target, body)];
    },
  },
  {
    id: 'large-body',
    sent: 'a body of 2 MB, with its length and without',
    outcomes: ['HTTP 413 REQUEST_TOO_COMPLEX'],
    run: async (target) => [
      await post(target, 'x'.repeat(2_000_000)),
      await post(target, 'x'.repeat(2_000_000), { ...json, 'transfer-encoding': 'chunked' }),
    ],
  },
  {
    id: 'large-head',
    sent: 'a head of 100 kB',
    outcomes: ['HTTP 431'],
    run: (target) => one(post(target, typename, { ...json, cookie: 'x'.repeat(100_000) })),
  },
  {
    id: 'socket-flood',
    sent: '300 WebSockets from one address, where 100 are allowed',
    outcomes: ['open', 'HTTP 429'],
    run: async (target) => {
      const sockets = Array.from({ length: 300 }, () => openSocket(target));
      const opened = await Promise.all(sockets.map(readiness));
      await Promise.all(sockets.map(leave));
      return opened;
    },
  },
  {
    id: 'silent-sockets',
    sent: '50 WebSockets that never say who they are',
    outcomes: ['closed 4408'],
    run: (target) => repeat(50, 50, () => closeOf(openSocket(target))),
  },
  {
    id: 'init-flood',
    sent: '1,000 `connection_init` on one WebSocket',
    outcomes: ['closed 4429'],
    run: (target) => one(flood(target, 1_000, () => '{"type":"connection_init"}')),
  },
  {
    id: 'message-ping-flood',
    sent: '1,200 `ping` messages on one WebSocket',
    outcomes: ['closed 1013'],
    run: (target) => one(flood(target, 1_200, () => '{"type":"ping"}')),
  },
  {
    id: 'frame-ping-flood',
    sent: '1,200 ping frames on one WebSocket',
    outcomes: ['cut off'],
    run: async (target) => {
      await withSocket(target, (socket) => {
        for (let index = 0; index < 1_200; index += 1) socket.ping('x');
      });
      return ['cut off'];
    },
  },
  {
    id: 'subscription-flood',
    sent: '300 subscriptions on one WebSocket, where 200 are allowed',
    outcomes: ['error TOO_MANY_SUBSCRIPTIONS'],
    run: (target) => subscribeOften(target, 300),
  },
  {
    id: 'operation-flood',
    sent: '1,200 operations on one WebSocket',
    outcomes: ['closed 1013'],
    run: (target) =>
      one(
        flood(target, 1_200, (index) =>
          JSON.stringify({
            id: `${index}`,
            type: 'subscribe',
            payload: { query: '{ __typename }' },
          }),
        ),
      ),
  },
  {
    id: 'large-message',
    sent: 'a message of 2 MB on a WebSocket',
    outcomes: ['closed 1009'],
    run: (target) => one(withSocket(target, (socket) => socket.send('x'.repeat(2_000_000)))),
  },
  {
    id: 'endless-message',
    sent: 'a message of 2 MB in 2,000 frames on a WebSocket',
    outcomes: ['closed 1009'],
    run: (target) =>
      one(
        withSocket(target, (socket) => {
          const part = 'x'.repeat(1_000);
          for (let index = 0; index < 2_000; index += 1) socket.send(part, { fin: false });
        }),
      ),
  },
  {
    id: 'no-message',
    sent: 'what is no JSON, and what is no message, on a WebSocket',
    outcomes: ['closed 4400'],
    run: async (target) => [
      await withSocket(target, (socket) => socket.send('{')),
      await withSocket(target, (socket) => socket.send('['.repeat(500_000))),
      await withSocket(target, (socket) => socket.send('{"type":"constructor"}')),
      await withSocket(target, (socket) => socket.send(Buffer.alloc(1_000))),
    ],
  },
  {
    id: 'endless-flood',
    sent: '100,000 `ping` messages on one WebSocket, whatever comes back',
    outcomes: ['cut off'],
    run: async (target) => {
      await flood(target, 100_000, () => '{"type":"ping"}');
      return ['cut off'];
    },
  },
  {
    id: 'polluting-ids',
    sent: 'operations by the names of what every object has, on a WebSocket',
    outcomes: ['answered __proto__', 'answered constructor', 'answered toString'],
    run: async (target) => {
      const outcomes: string[] = [];
      await withSocket(target, (socket) => {
        socket.on('message', (data) => {
          const { type, id } = JSON.parse(String(data));
          if (type === 'next') outcomes.push(`answered ${id}`);
          if (outcomes.length === 3) socket.close();
        });
        for (const id of ['__proto__', 'constructor', 'toString']) {
          const payload = { query: '{ __typename }' };
          socket.send(JSON.stringify({ id, type: 'subscribe', payload }));
        }
      });
      return outcomes;
    },
  },
];

async function one(outcome: Promise<string>): Promise<readonly string[]> {
  return [await outcome];
}

/** So often, so many at the same time. */
async function repeat(
  count: number,
  atOnce: number,
  run: (index: number) => Promise<string>,
): Promise<readonly string[]> {
  const outcomes: string[] = [];
  let next = 0;
  const work = async () => {
    while (next < count) {
      const index = next;
      next += 1;
      outcomes.push(await run(index));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return outcomes;
}

function post(target: Target, body: string, headers: Record<string, string> = json) {
  const length = 'transfer-encoding' in headers ? {} : { 'content-length': `${body.length}` };
  return ask(target, { method: 'POST', headers: { ...headers, ...length } }, body);
}

/** The status, and the code of the first error. A connection that is closed meanwhile has neither. */
async function ask(target: Target, options: RequestOptions, body = ''): Promise<string> {
  const sent = httpRequest({ path: '/graphql', agent: false, ...target, ...options });
  const answered = once(sent, 'response');
  sent.on('error', () => {});
  sent.end(body);
  try {
    const [response] = await answered;
    let text = '';
    for await (const chunk of response.setEncoding('utf8')) text += chunk;
    const code = /"code":"(\w+)"/.exec(text)?.[1];
    return [`HTTP ${response.statusCode}`, ...(code === undefined ? [] : [code])].join(' ');
  } catch (error) {
    return `failed ${(error as NodeJS.ErrnoException).code}`;
  }
}

/** Sends a head and then a byte each second, until it is cut off; it may have been told 408 before. */
async function trickle(target: Target, head = ''): Promise<string> {
  const socket: Socket = connect(target);
  let answer = '';
  socket.setEncoding('utf8').on('data', (text) => {
    answer += text;
  });
  socket.on('error', () => {});
  socket.write(head);
  const drip = setInterval(() => head !== '' && socket.write('x'), 1_000);
  await new Promise((resolve) => socket.once('close', resolve));
  clearInterval(drip);
  return answer === '' || answer.startsWith('HTTP/1.1 408') ? 'cut off' : answer;
}

function openSocket({ host, port, localAddress }: Target): WebSocket {
  const socket = new WebSocket(`ws://${host}:${port}/graphql`, 'graphql-transport-ws', {
    localAddress,
  });
  return socket.on('error', () => {});
}

function readiness(socket: WebSocket): Promise<string> {
  return new Promise((resolve) => {
    socket.once('open', () => resolve('open'));
    socket.once('unexpected-response', (_request, { statusCode }) => {
      socket.terminate();
      resolve(`HTTP ${statusCode}`);
    });
  });
}

async function leave(socket: WebSocket): Promise<void> {
  if (socket.readyState === WebSocket.CLOSED) return;
  socket.terminate();
  await once(socket, 'close');
}

async function closeOf(socket: WebSocket): Promise<string> {
  const [code] = await once(socket, 'close');
  return `closed ${code}`;
}

/** Lets a socket in, does something with it, and waits until it is closed. */
async function withSocket(target: Target, act: (socket: WebSocket) => void): Promise<string> {
  const socket = openSocket(target);
  const closed = closeOf(socket);
  await once(socket, 'open');
  socket.send('{"type":"connection_init"}');
  await once(socket, 'message');
  act(socket);
  return closed;
}

function flood(target: Target, count: number, text: (index: number) => string): Promise<string> {
  return withSocket(target, (socket) => {
    for (let index = 0; index < count; index += 1) socket.send(text(index));
  });
}

async function subscribeOften(target: Target, count: number): Promise<ReadonlySet<string>> {
  const outcomes = new Set<string>();
  let refused = 0;
  await withSocket(target, (socket) => {
    const query = 'subscription { device(id: "attacked") { id } }';
    socket.on('message', (data) => {
      const { type, payload } = JSON.parse(String(data));
      if (type !== 'error') return;
      outcomes.add(`error ${payload[0].extensions.code}`);
      refused += 1;
      if (refused === 100) socket.close();
    });
    for (let index = 0; index < count; index += 1) {
      socket.send(JSON.stringify({ id: `${index}`, type: 'subscribe', payload: { query } }));
    }
  });
  return outcomes;
}
