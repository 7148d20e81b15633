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

  constructor(code: RequestErrorCode, message: string, argument?: string) {
    super(message);
    this.code = code;
    this.argument = argument;
  }
}

/** A caller's mistake: names the argument, what was wrong with it and what was expected. */
export function badInput(argument: string, problem: string): RequestError {
  return new RequestError('BAD_USER_INPUT', `${argument}: ${problem}`, argument);
}
