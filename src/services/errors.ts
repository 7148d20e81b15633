/**
 * What the caller did wrong or may not do, and what the gateway could not do for it.
 * These, and only these, reach a client with their own message (which may quote the hub's); the
 * server masks everything else.
 * What happened to a device is not here: that is data on its operation.
 */
export const requestErrors = {
  BAD_USER_INPUT: {
    means: 'Something that was given is wrong; the message says what was expected instead.',
    remedy: '`extensions.argument` names it: give something else.',
  },
  FORBIDDEN: {
    means: 'You may not do this.',
    remedy:
      'The message names the permission that it needs, or what of it is outside of your scope.',
  },
  DEVICE_NOT_FOUND: {
    means:
      'The hub knows no such device, or the gateway serves no such hub, or it is none of those that you may see.',
    remedy: 'Check the id. A device that was just deleted may still be in lists for minutes.',
  },
  MODULE_NOT_FOUND: {
    means: 'The device has no such module.',
    remedy: 'Check the id: `Device.modules` has them.',
  },
  ALREADY_EXISTS: {
    means: 'There is a device, or a module, of that id already.',
    remedy: 'Take another id, or change the one that is there.',
  },
  ETAG_MISMATCH: {
    means: 'It was changed since you read it.',
    remedy: 'Read it again and decide again; `extensions.currentEtag` is what it has now.',
  },
  DEVICE_DISABLED: {
    means: 'IoT Hub touches no module of a disabled device.',
    remedy: 'Enable the device first.',
  },
  NO_KEYS: {
    means: 'It has no symmetric keys, as it proves itself by a certificate.',
    remedy: 'There is nothing to show or to rotate.',
  },
  LIMIT_REACHED: {
    means: 'The hub, or the device, can hold no more of them.',
    remedy: 'Delete some, or add units to the hub.',
  },
  OUTCOME_UNKNOWN: {
    means: 'A change was sent and no usable answer came: it may or may not have been carried out.',
    remedy: 'Look how it is now before you try again.',
  },
  OPERATION_NOT_FOUND: {
    means: 'There is no such operation, or its device is none of those that you may see.',
    remedy: 'Check the id.',
  },
  CURSOR_EXPIRED: {
    means: 'The hub no longer knows where that page ended.',
    remedy: 'Begin at the first page.',
  },
  CURSOR_FILTER_MISMATCH: {
    means: 'The cursor is of another list: another filter, order or query.',
    remedy: 'Give a cursor only to what it came from, or begin at the first page.',
  },
  FILTER_NOT_COUNTABLE: {
    means:
      'The hub cannot count by this filter, and counting page by page would use up its queries.',
    remedy: 'List instead of counting, or leave out the condition that the message names.',
  },
  RESULT_TOO_LARGE: {
    means: 'More devices are selected than can be sorted, or named in one query.',
    remedy: 'Narrow the filter, or leave out the order.',
  },
  IDEMPOTENCY_KEY_REUSED: {
    means: 'The key was used before, with other input.',
    remedy: 'Take a new key for a new intention.',
  },
  HUB_UNAVAILABLE: {
    means: 'The hub was not reached, did not answer in time, or answered "not now".',
    remedy: 'Try again later, less and less often.',
  },
  HUB_THROTTLED: {
    means: "The hub's throttle, its daily quota, or the gateway's share of them is used up.",
    remedy: 'Try again later; `hubBudget` shows what is left. More units, or fewer questions.',
  },
  HUB_UNAUTHORIZED: {
    means: "The hub refuses the gateway's access policy.",
    remedy: 'For operators: give it service connect, registry read and, to edit, registry write.',
  },
  DATABASE_UNAVAILABLE: {
    means: 'The database of the gateway cannot be reached, or written to. Nothing was begun.',
    remedy: 'Try again; with an `idempotencyKey` that is safe even where it was.',
  },
  SHUTTING_DOWN: {
    means: 'The gateway is stopping.',
    remedy: 'Connect and ask again: another one, or the next, will answer.',
  },
} as const satisfies Readonly<Record<string, ErrorMeaning>>;

export type RequestErrorCode = keyof typeof requestErrors;

/** What a code means, and what whoever gets it can do about it. */
export interface ErrorMeaning {
  readonly means: string;
  readonly remedy: string;
}

export class RequestError extends Error {
  override readonly name = 'RequestError';
  readonly code: RequestErrorCode;
  /** The argument that was wrong, where there is one. */
  readonly argument: string | undefined;
  /** Of ETAG_MISMATCH: the ETag that would have matched. */
  readonly currentEtag: string | undefined;

  constructor(code: RequestErrorCode, message: string, argument?: string, currentEtag?: string) {
    super(message);
    this.code = code;
    this.argument = argument;
    this.currentEtag = currentEtag;
  }
}

/** A caller's mistake: names the argument, what was wrong with it and what was expected. */
export function badInput(argument: string, problem: string): RequestError {
  return new RequestError('BAD_USER_INPUT', `${argument}: ${problem}`, argument);
}
