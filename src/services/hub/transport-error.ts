/** The exchange broke before a whole answer was here. */
export class TransportError extends Error {
  override readonly name = 'TransportError';
  /** Whether any byte of the request may have left. False is a certainty. */
  readonly written: boolean;

  constructor(message: string, written: boolean) {
    super(message);
    this.written = written;
  }
}

/** Thrown into a call whose gate said no. */
export class NotSentError extends TransportError {
  constructor(reason = 'the call was stopped') {
    super(reason, false);
  }
}
