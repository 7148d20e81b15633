import {
  createLocalJWKSet,
  errors,
  type FlattenedJWSInput,
  type JSONWebKeySet,
  type JWTHeaderParameters,
} from 'jose';
import type { Clock } from '../clock.js';
import { RequestError } from '../errors.js';

export interface IssuerKeysOptions {
  readonly issuer: string;
  /** Where the keys are. Absent: where the issuer's OpenID configuration says. */
  readonly jwksUri?: string | undefined;
  readonly clock: Clock;
  /** Told why the keys could not be fetched. */
  readonly onError: (error: Error) => void;
}

/** How long keys are used without a look for newer ones (ms): what a key that was withdrawn still lives. */
const FRESH_FOR = 10 * 60_000;
/** How long they are used while there is no way to get newer ones (ms). */
const KEPT_FOR = 24 * 60 * 60_000;
/** How long the issuer is left alone after it was asked (ms), however many unknown keys are named. */
const COOLDOWN = 10_000;
/** How long it may take to answer (ms). */
const TIMEOUT = 5_000;

type KeySet = ReturnType<typeof createLocalJWKSet>;

/** The public keys of an issuer, fetched when they are needed, once for all who wait for them. */
export class IssuerKeys {
  readonly #options: IssuerKeysOptions;
  #keys: { readonly set: KeySet; readonly fetchedAt: number } | undefined;
  #askedAt = Number.NEGATIVE_INFINITY;
  #asking: Promise<void> | undefined;

  constructor(options: IssuerKeysOptions) {
    this.#options = options;
  }

  /**
   * The key that signed a token. One that is not known may be new: the issuer is asked again.
   * Throws errors of jose, or RequestError ISSUER_UNAVAILABLE where there are no keys to be had.
   */
  async find(header: JWTHeaderParameters, token: FlattenedJWSInput): ReturnType<KeySet> {
    const age = this.#age;
    if (age >= KEPT_FOR) await this.refresh();
    else if (age >= FRESH_FOR) void this.refresh();
    try {
      return await this.#set(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
      await this.refresh();
      return await this.#set(header, token);
    }
  }

  /** Fetches the keys anew, unless that was tried just now. Failures are told, not thrown. */
  refresh(): Promise<void> {
    const { clock, onError } = this.#options;
    if (this.#asking) return this.#asking;
    if (clock.now() - this.#askedAt < COOLDOWN) return Promise.resolve();
    this.#askedAt = clock.now();
    this.#asking = this.#fetch()
      .catch(onError)
      .finally(() => {
        this.#asking = undefined;
      });
    return this.#asking;
  }

  get #age(): number {
    return this.#keys ? this.#options.clock.now() - this.#keys.fetchedAt : Number.POSITIVE_INFINITY;
  }

  get #set(): KeySet {
    if (this.#keys && this.#age < KEPT_FOR) return this.#keys.set;
    throw new RequestError(
      'ISSUER_UNAVAILABLE',
      'access tokens cannot be checked now: their issuer does not give its keys',
    );
  }

  async #fetch(): Promise<void> {
    const uri = this.#options.jwksUri ?? (await this.#discover());
    const set = createLocalJWKSet((await fetchJson(uri)) as unknown as JSONWebKeySet);
    this.#keys = { set, fetchedAt: this.#options.clock.now() };
  }

  /** OpenID Connect Discovery 1.0, section 4. */
  async #discover(): Promise<string> {
    const { issuer } = this.#options;
    const uri = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
    const { issuer: named, jwks_uri: jwksUri } = await fetchJson(uri);
    if (named !== issuer) {
      throw new Error(`${uri} is of issuer ${JSON.stringify(named)}; expected that of AUTH_ISSUER`);
    }
    const problem = typeof jwksUri === 'string' ? secureUrlProblem(jwksUri) : 'it is missing';
    if (problem) throw new Error(`${uri} has no usable jwks_uri: ${problem}`);
    return String(jwksUri);
  }
}

/** What is wrong with a URL that keys are to come from; undefined: nothing. Never repeats it. */
export function secureUrlProblem(text: string): string | undefined {
  const expected = 'expected a URL such as https://login.example/tenant';
  if (!URL.canParse(text)) return expected;
  const { protocol, hostname, username, search, hash } = new URL(text);
  const isLoopback = ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
  if (protocol !== 'https:' && !(protocol === 'http:' && isLoopback)) return expected;
  return username || search || hash ? `${expected}, without user, query and fragment` : undefined;
}

async function fetchJson(uri: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    const response = await fetch(uri, {
      headers: { accept: 'application/json' },
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT),
    });
    if (!response.ok) throw new Error(`it answered ${response.status}`);
    return (await response.json()) as Readonly<Record<string, unknown>>;
  } catch (error) {
    const { message, cause } = error as Error;
    const reason = cause instanceof Error ? cause.message : message;
    throw new Error(`${uri} cannot be read: ${reason}`);
  }
}
