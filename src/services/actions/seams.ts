import { channel } from 'node:diagnostics_channel';

/**
 * The moments between which an operation must never get lost, in the order in which it passes them.
 * Whoever wants to know (tracing, a test that kills the gateway there) subscribes to the channel
 * `twinql:operation` of node:diagnostics_channel and is told synchronously, on the spot:
 *
 * | seam             | passed                                                                     |
 * |------------------|----------------------------------------------------------------------------|
 * | `BEFORE_CLAIM`   | the connection for the call stands, the claim is not in the journal yet     |
 * | `AFTER_CLAIM`    | the claim is in the journal, not a byte of the call is written              |
 * | `AFTER_SEND`     | the whole call is with the operating system                                 |
 * | `AFTER_ANSWER`   | the call has ended, in whichever way; the journal does not know yet         |
 * | `AFTER_EVIDENCE` | a reading shows what the device reported; the journal does not know yet     |
 * | `BEFORE_COMMIT`  | a move is written, its transaction is not committed: once for each move     |
 */
export const seams = [
  'BEFORE_CLAIM',
  'AFTER_CLAIM',
  'AFTER_SEND',
  'AFTER_ANSWER',
  'AFTER_EVIDENCE',
  'BEFORE_COMMIT',
] as const;
export type Seam = (typeof seams)[number];

export interface SeamMessage {
  readonly seam: Seam;
  readonly operationId: string;
}

const operations = channel('twinql:operation');

/** Tells that an operation passes a seam. Costs next to nothing where nobody listens. */
export function passSeam(seam: Seam, operationId: string): void {
  if (!operations.hasSubscribers) return;
  operations.publish({ seam, operationId } satisfies SeamMessage);
}
