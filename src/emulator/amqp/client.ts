import type { Sender } from 'rhea';
import type { Authorize } from '../authorize.js';
import type { Hub } from '../hub/hub.js';
import type { Logger } from '../logger.js';

/** What all connections share. */
export interface AmqpContext {
  readonly hub: Hub;
  readonly logger: Logger;
  readonly authorize: Authorize;
}

/** A connection with what it has proved. */
export interface AmqpClient extends AmqpContext {
  /** The token last put; it is judged again at each use. */
  token: string | undefined;
  /** Where answers to put tokens go. */
  tokenReplies: Sender | undefined;
  /** Breaks the connection off. */
  reset(): void;
}
