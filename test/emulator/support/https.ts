import type { IncomingHttpHeaders } from 'node:http';
import { request } from 'node:https';
import type { Emulator } from '../../../src/emulator/emulator.js';
import { createServiceToken } from './service.js';

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** The body as JSON; `undefined` when it is empty. */
  readonly json: ReturnType<typeof JSON.parse>;
}

export interface HttpCall {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** `null` sends none. */
  readonly authorization?: string | null;
  readonly apiVersion?: string | null;
  readonly signal?: AbortSignal;
  /** Called with each chunk as it arrives. */
  readonly onChunk?: (chunk: Buffer) => void;
}

/** One request as `GET /twins/x`, on a connection of its own, as the policy iothubowner. */
export function send(
  emulator: Pick<Emulator, 'httpsPort' | 'ca'>,
  line: string,
  call: HttpCall = {},
): Promise<HttpAnswer> {
  const [method = '', path = ''] = line.split(' ');
  const { body, authorization = createServiceToken(), apiVersion = '2021-04-12' } = call;
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const version =
    apiVersion === null ? '' : `${path.includes('?') ? '&' : '?'}api-version=${apiVersion}`;
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        host: 'localhost',
        port: emulator.httpsPort,
        ca: emulator.ca,
        servername: 'localhost', // whatever the Host header says
        method,
        path: `${path}${version}`,
        agent: false,
        ...(call.signal === undefined ? {} : { signal: call.signal }),
        headers: {
          ...(authorization === null ? {} : { Authorization: authorization }),
          ...(text === undefined
            ? {}
            : {
                'Content-Type': 'application/json; charset=utf-8',
                'Content-Length': Buffer.byteLength(text),
              }),
          ...call.headers,
        },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => {
          chunks.push(chunk);
          call.onChunk?.(chunk);
        });
        response.on('error', reject);
        response.on('end', () => {
          const answered = Buffer.concat(chunks).toString('utf8');
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text: answered,
            json: answered === '' ? undefined : JSON.parse(answered),
          });
        });
      },
    );
    sent.on('error', reject);
    sent.end(text);
  });
}
