import { AsyncLocalStorage } from 'node:async_hooks';
import type { IncomingMessage } from 'node:http';
import { Agent, request as httpsRequest } from 'node:https';
import { createSecureContext, rootCertificates } from 'node:tls';
import type { Cancel, Clock } from '../clock.js';
import type { Observer } from '../observer.js';
import type { SendGate } from './hub.js';
import { observeExchange, requestIdHeader } from './observed-exchange.js';
import type { RequestClass } from './throttles.js';
import { NotSentError, TransportError } from './transport-error.js';

export interface TransportOptions {
  /** The hub's short name. */
  readonly hub: string;
  readonly host: string;
  readonly port: number;
  /** PEM of an authority to trust beside the well-known ones. */
  readonly ca?: string | undefined;
  /** The value of the `Authorization` header, asked for with every request. May throw HubError. */
  readonly authorization: () => string | Promise<string>;
  readonly clock: Clock;
  readonly observer: Observer;
}

/** What one call asks of the transport, beside what the SDK passes on. */
export interface CallTerms {
  readonly requestClass: RequestClass;
  /** The whole exchange must end within this time (ms), or it fails. */
  readonly deadline: number;
  /** See SendGate. Absent: send. */
  readonly gate?: SendGate | undefined;
  /** Told when the whole request is with the operating system. */
  readonly onSent?: (() => void) | undefined;
}

/** Reads beyond this many wait for a connection: a hundred handshakes at once take longer than they. */
const MOST_CONNECTIONS = 64;

/** No twin, however many small properties it has, comes near to this with its metadata (bytes). */
const LARGEST_ANSWER = 4 * 1024 * 1024;
/** A page of a query has up to a hundred of them. */
const LARGEST_PAGE = 64 * 1024 * 1024;

type Done = (error: Error | null, body?: string, response?: IncomingMessage) => void;

/** The part of an HTTP request that the SDK's RestApiClient uses. */
interface OutgoingRequest {
  setTimeout(milliseconds: number): void;
  write(chunk: string): void;
  end(): void;
}

interface Call extends CallTerms {
  readonly fail: (error: Error) => void;
}

/**
 * The HTTP layer below the SDK, in the shape that its RestApiClient takes as a request builder.
 * The SDK's own always dials 443, never gives up on a silent hub and decodes each TCP chunk by
 * itself (a character cut in two is lost); this one has the port, the deadline and the whole body.
 */
export class HubTransport {
  readonly #options: TransportOptions;
  readonly #agent: Agent;
  /** For gated calls: a kept connection may be closed by the other side just as it is used. */
  readonly #freshAgent: Agent;
  readonly #calls = new AsyncLocalStorage<Call>();
  #closed = false;

  constructor(options: TransportOptions) {
    this.#options = options;
    const trust = options.ca === undefined ? {} : { ca: [...rootCertificates, options.ca] };
    // Made once: to take in all authorities costs tens of milliseconds, and an agent does it for every connection.
    const secureContext = createSecureContext(trust);
    const maxSockets = MOST_CONNECTIONS;
    this.#agent = new Agent({ keepAlive: true, scheduling: 'lifo', maxSockets, secureContext });
    this.#freshAgent = new Agent({ keepAlive: false, secureContext });
  }

  /** Runs one SDK call under these terms. What the SDK throws inside its own callbacks ends here too. */
  run<T>(terms: CallTerms, sdkCall: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#calls.run({ ...terms, fail: reject }, () => sdkCall().then(resolve, reject));
    });
  }

  /** The SDK hands over its agent here; ours stays. */
  setOptions(): void {}

  /** Called by the SDK for every request; `rest` ends with the callback. */
  buildRequest(
    method: string,
    path: string,
    headers: Record<string, string | number>,
    _host: string,
    ...rest: unknown[]
  ): OutgoingRequest {
    const call = this.#calls.getStore();
    if (!call) throw new Error('a hub request outside of HubTransport.run');
    const done = rest.at(-1) as Done;
    let body = '';
    return {
      setTimeout: () => {},
      write: (chunk) => {
        body += chunk;
      },
      end: () => {
        const head = { method, path, headers: { ...headers, ...requestIdHeader() } };
        this.#observed(call, head, body).then(
          ({ text, response }) => {
            const failed = (response.statusCode ?? 0) >= 300;
            const error = failed ? new Error(response.statusMessage) : null;
            report(call, () => done(error, text, response));
          },
          (error: Error) => report(call, () => done(error)),
        );
      },
    };
  }

  get closed(): boolean {
    return this.#closed;
  }

  close(): void {
    this.#closed = true;
    this.#agent.destroy();
    this.#freshAgent.destroy();
  }

  #observed(call: Call, head: Head, body: string): Promise<Answer> {
    const request = { ...head, requestClass: call.requestClass };
    return observeExchange(this.#options, request, () => this.#exchange(call, head, body));
  }

  /** One request, from the question of who we are to the end of the answer, within its deadline. */
  async #exchange(call: Call, head: Head, body: string): Promise<Answer> {
    const { authorization, clock } = this.#options;
    const late = new AbortController();
    const cancelDeadline = clock.after(call.deadline, () =>
      late.abort(new TransportError(`no answer within ${call.deadline} ms`, false)),
    );
    try {
      const given = authorization();
      const bearer = typeof given === 'string' ? given : await orAborted(given, late.signal);
      return await this.#send(call, head, body, { bearer, late: late.signal });
    } finally {
      cancelDeadline();
    }
  }

  #send(
    call: Call,
    { headers, ...head }: Head,
    body: string,
    { bearer, late }: { bearer: string; late: AbortSignal },
  ): Promise<Answer> {
    const { host, port } = this.#options;
    return new Promise((resolve, reject) => {
      let written = false;
      const request = httpsRequest({
        host,
        port,
        ...head,
        headers: { ...headers, Authorization: bearer },
        agent: call.gate ? this.#freshAgent : this.#agent,
      });
      const cancelGiveUp = onAbort(late, (reason) => request.destroy(new Error(reason.message)));
      request.once('close', cancelGiveUp);
      const fail = (error: Error) => {
        reject(
          error instanceof TransportError ? error : new TransportError(reasonOf(error), written),
        );
      };
      const send = async () => {
        if (call.gate && !(await call.gate().catch(refuse))) throw new NotSentError();
        if (request.destroyed) return;
        written = true;
        request.end(body, call.onSent);
      };
      const sendOrDestroy = () => void send().catch((error: Error) => request.destroy(error));
      request.once('socket', (socket) => {
        if (socket.connecting) socket.once('secureConnect', sendOrDestroy);
        else sendOrDestroy();
      });
      // More than once: what was given up may fail again as its socket closes, and must not go unheard.
      request.on('error', fail);
      request.once('response', (response) => {
        readText(response, call.requestClass === 'QUERIES' ? LARGEST_PAGE : LARGEST_ANSWER)
          .then((text) => resolve({ text, response }))
          .catch(fail);
      });
    });
  }
}

interface Head {
  readonly method: string;
  readonly path: string;
  readonly headers: Record<string, string | number>;
}

interface Answer {
  readonly text: string;
  readonly response: IncomingMessage;
}

/** What comes of a promise, unless the signal is aborted first: then its reason is thrown. */
function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const forget = onAbort(signal, reject);
    promise.then(resolve, reject).finally(forget);
  });
}

/** Calls back with the signal's reason when it is aborted; returns how to forget about it. */
function onAbort(signal: AbortSignal, listener: (reason: Error) => void): Cancel {
  const abort = () => listener(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  return () => signal.removeEventListener('abort', abort);
}

/** Hands the answer to the SDK; what its callback throws would otherwise end the process. */
function report(call: Call, done: () => void): void {
  try {
    done();
  } catch (error) {
    call.fail(error instanceof Error ? error : new Error(String(error)));
  }
}

/** A host with several addresses fails with all their errors and no words of its own. */
export function reasonOf(error: Error): string {
  if (error.message !== '') return error.message;
  const parts: readonly unknown[] = error instanceof AggregateError ? error.errors : [];
  return parts.map((part) => (part instanceof Error ? part.message : String(part))).join('; ');
}

/** What a gate throws, stops the call. */
export function refuse(error: Error): never {
  throw new NotSentError(error.message);
}

async function readText(response: IncomingMessage, largest: number): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    // Leaving the loop closes the connection.
    if (size > largest) throw new Error(`the answer is larger than ${largest} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
