import type { EventStreamCounts } from './event-stream-door.js';
import type { SubscriptionCounts } from './subscriptions/subscriptions.js';
import type { SocketCounts } from './web-socket-door.js';

/** What live clients cost now. */
export type LiveCounts = SubscriptionCounts & SocketCounts & EventStreamCounts;
