import type { RequestClass } from './hub/throttles.js';

/** How an exchange with a hub ended. */
export const hubOutcomes = [
  'OK',
  /** 429. */
  'THROTTLED',
  /** 401 and 403: who we are, what we may, or the quota. */
  'UNAUTHORIZED',
  /** Another 4xx: it has no such thing, or not now. */
  'REFUSED',
  /** 5xx, or an answer that is none. */
  'FAILED',
  /** None within its time, or the connection broke. */
  'NO_ANSWER',
  /** Stopped before a byte was written. */
  'NOT_SENT',
] as const;
export type HubOutcome = (typeof hubOutcomes)[number];

/** One exchange with a hub that has ended. */
export interface HubExchange {
  readonly hub: string;
  readonly requestClass: RequestClass;
  readonly outcome: HubOutcome;
  readonly seconds: number;
}

/** One call of the journal that has ended. */
export interface JournalCall {
  readonly call: string;
  readonly failed: boolean;
  readonly seconds: number;
}

/** An operation that came to be, or came to another status, by this gateway. */
export interface OperationMove {
  readonly action: string;
  readonly status: string;
}

/** Told of what the gateway does, as soon as it is done. Must return at once and not throw. */
export interface Observer {
  onHubExchange(exchange: HubExchange): void;
  onJournalCall(call: JournalCall): void;
  onOperationMove(move: OperationMove): void;
}

/** For who tells nobody. */
export const unobserved: Observer = {
  onHubExchange() {},
  onJournalCall() {},
  onOperationMove() {},
};
