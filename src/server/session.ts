import { CloseCode } from 'graphql-ws';
import type { Caller } from '../services/access.js';
import type { Authenticate } from '../services/callers/authenticator.js';
import type { Cancel, Clock } from '../services/clock.js';
import { RequestError } from '../services/errors.js';
import { atExpiry } from './expiry.js';
import { audienceOf } from './subscriptions/audience.js';

export interface SessionOptions {
  /** What came with the upgrade, of clients that can send headers with it. */
  readonly credential: string | undefined;
  readonly authenticate: Authenticate;
  readonly clock: Clock;
  /** Ends the socket, and all that is under way on it. */
  readonly close: (code: number, reason: string) => void;
}

/** The close code after which clients come back later (RFC 6455 registry). */
export const TRY_AGAIN_LATER = 1013;
/** A close frame has room for 123 bytes (RFC 6455, section 5.5). */
const LONGEST_REASON = 120;

/** Who a socket belongs to: from its `connection_init` until the credential expires. */
export class Session {
  readonly #options: Omit<SessionOptions, 'credential'>;
  #offered: string | undefined;
  #caller: Caller | undefined;
  #hasEnded = false;
  #cancel: Cancel = () => {};

  constructor(options: SessionOptions) {
    const { credential, ...rest } = options;
    this.#offered = credential;
    this.#options = rest;
  }

  /** Who asks; undefined where the session has not begun, or has ended. */
  get caller(): Caller | undefined {
    return this.#hasEnded ? undefined : this.#caller;
  }

  get expiresAt(): Date | undefined {
    return this.#caller?.expiresAt;
  }

  /** Whether it begins. Where it does not, the socket is closed with the reason. */
  async begin(credential: string | undefined): Promise<boolean> {
    const offered = this.#offered;
    this.#offered = undefined;
    const caller = await this.#ask(credential ?? offered);
    if (caller && !this.#hasEnded) this.#hold(caller);
    else if (!caller) this.#close(TRY_AGAIN_LATER, 'access tokens cannot be checked now');
    return !this.#hasEnded;
  }

  /**
   * Goes on with a new credential of the same caller who may do the same; any other closes the
   * socket. Where it cannot be checked now, the old one lasts as long as it lasts.
   */
  async renew(credential: string): Promise<void> {
    if (!this.#caller) return;
    const caller = await this.#ask(credential);
    if (!caller || this.#hasEnded) return;
    if (caller.id !== this.#caller.id) {
      this.#close(CloseCode.Forbidden, 'the new credential is of another caller');
    } else if (audienceOf(caller) !== audienceOf(this.#caller)) {
      this.#close(CloseCode.Forbidden, 'what you may do has changed; connect again');
    } else this.#hold(caller);
  }

  /** The socket is gone. */
  end(): void {
    this.#hasEnded = true;
    this.#cancel();
  }

  /** Undefined: it cannot be told now, or the socket was closed because of the credential. */
  async #ask(credential: string | undefined): Promise<Caller | undefined> {
    try {
      return await this.#options.authenticate(credential);
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      if (error.code === 'UNAUTHENTICATED') this.#close(CloseCode.Forbidden, error.message);
      return undefined;
    }
  }

  #hold(caller: Caller): void {
    this.#caller = caller;
    this.#cancel();
    this.#cancel = atExpiry(this.#options.clock, caller.expiresAt, () =>
      this.#close(CloseCode.Forbidden, 'the credential has expired; connect again with a new one'),
    );
  }

  #close(code: number, reason: string): void {
    if (this.#hasEnded) return;
    this.end();
    this.#options.close(code, cut(reason));
  }
}

function cut(reason: string): string {
  const bytes = Buffer.from(reason);
  if (bytes.length <= LONGEST_REASON) return reason;
  // A character that is cut through becomes one that stands for it.
  return bytes
    .subarray(0, LONGEST_REASON)
    .toString('utf8')
    .replace(/\uFFFD$/, '');
}
