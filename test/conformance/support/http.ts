import type { IncomingHttpHeaders } from 'node:http';
import { Agent, request } from 'node:https';
import { expectMatch, type Pattern } from './match.js';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** The body as JSON; `undefined` when it is empty, text when it is no JSON. */
  readonly body: unknown;
}

export interface Call {
  /** Sent as JSON, text as it is. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** `null` sends none; default a token of the owner. */
  readonly authorization?: string | null;
  /** `null` sends none. */
  readonly apiVersion?: string | null;
}

export interface HttpsDoor {
  readonly hostName: string;
  readonly port: number;
  readonly ca: string | undefined;
  readonly patienceMs: number;
  readonly authorize: () => string;
}

export interface HttpsClient {
  /** One request, such as `GET /twins/x`. */
  send(line: string, call?: Call): Promise<Answer>;
  close(): void;
}

/** What a check may ask a hub to wait before it answers. */
const longestCallMs = 10_000;

export function createHttpsClient(door: HttpsDoor): HttpsClient {
  const { hostName, port, ca, patienceMs, authorize } = door;
  const agent = new Agent({
    keepAlive: true,
    servername: hostName,
    ...(ca === undefined ? {} : { ca }),
  });

  function send(line: string, call: Call = {}): Promise<Answer> {
    const [method = '', path = ''] = line.split(' ');
    const { body, authorization = authorize(), apiVersion = '2021-04-12' } = call;
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const answer = new Promise<Answer>((resolve, reject) => {
      const sent = request(
        {
          host: hostName,
          port,
          agent,
          method,
          path: addApiVersion(path, apiVersion),
          signal: AbortSignal.timeout(patienceMs + longestCallMs),
          headers: {
            Host: hostName,
            ...(authorization === null ? {} : { Authorization: authorization }),
            ...(text === undefined ? {} : describeBody(text)),
            ...call.headers,
          },
        },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('error', reject);
          response.on('end', () =>
            resolve({
              status: response.statusCode ?? 0,
              headers: response.headers,
              body: parseBody(Buffer.concat(chunks).toString('utf8')),
            }),
          );
        },
      );
      sent.on('error', reject);
      sent.end(text);
    });
    answer.catch(() => {}); // a check that has failed before does not wait for it
    return answer;
  }

  return { send, close: () => agent.destroy() };
}

/** What an answer must be; what is left out is not looked at. */
export interface ExpectedAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, Pattern>>;
  readonly body?: Pattern;
}

export function expectAnswer(answer: Answer, expected: ExpectedAnswer): Answer {
  expectMatch(answer.status, expected.status, `status (${JSON.stringify(answer.body)})`);
  if (expected.headers !== undefined) expectMatch(answer.headers, expected.headers, 'headers');
  if (expected.body !== undefined) expectMatch(answer.body, expected.body, 'body');
  return answer;
}

/** The envelope of registry, twins, queries and jobs, with its header. */
export function expectRefusal(answer: Answer, status: number, code: string): Answer {
  return expectAnswer(answer, {
    status,
    headers: {
      'iothub-errorcode': code,
      'content-type': 'application/json; charset=utf-8',
    },
    body: {
      Message: new RegExp(`^ErrorCode:${code};`),
      ExceptionMessage:
        /^Tracking ID:[0-9a-f]{32}-G:\S+-TimeStamp:\d\d\/\d\d\/\d{4} \d\d:\d\d:\d\d/,
    },
  });
}

function describeBody(text: string): Record<string, string | number> {
  return {
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': Buffer.byteLength(text),
  };
}

function addApiVersion(path: string, apiVersion: string | null): string {
  if (apiVersion === null) return path;
  return `${path}${path.includes('?') ? '&' : '?'}api-version=${apiVersion}`;
}

function parseBody(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
