/**
 * What the caller did wrong or may not do, and what the gateway could not do for it.
 * These, and only these, reach a client with their own message (which may quote the hub's); the
 * server masks everything else.
 * What happened to a device is not here: that is data on its operation.
 */
export type RequestErrorCode =
  | 'BAD_USER_INPUT'
  | 'FORBIDDEN'
  | 'DEVICE_NOT_FOUND'
  | 'MODULE_NOT_FOUND'
  /** There is a device, or a module, of that id already. */
  | 'ALREADY_EXISTS'
  /** It was changed since: `extensions.currentEtag` is what it has now. */
  | 'ETAG_MISMATCH'
  /** IoT Hub touches no module identity of a disabled device. */
  | 'DEVICE_DISABLED'
  /** There are no symmetric keys: it proves itself by a certificate. */
  | 'NO_KEYS'
  /** The hub, or the device, can hold no more of them. */
  | 'LIMIT_REACHED'
  /** A write went without a usable answer. It may have been carried out: look before you try again. */
  | 'OUTCOME_UNKNOWN'
  | 'OPERATION_NOT_FOUND'
  | 'CURSOR_EXPIRED'
  | 'CURSOR_FILTER_MISMATCH'
  | 'FILTER_NOT_COUNTABLE'
  | 'RESULT_TOO_LARGE'
  | 'IDEMPOTENCY_KEY_REUSED'
  | 'HUB_UNAVAILABLE'
  | 'HUB_THROTTLED'
  | 'HUB_UNAUTHORIZED'
  | 'DATABASE_UNAVAILABLE'
  | 'SHUTTING_DOWN';

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
