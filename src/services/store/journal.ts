import type { Operation, OperationEvent, OperationStatus } from '../actions/operation.js';

/**
 * The durable record of operations. What a promise here has settled survives the end of the
 * process; two writers never both win.
 */
export interface Journal {
  /**
   * Records a new operation with its history, unless the same caller used its idempotency key
   * before, or it would disturb a device that another open operation disturbs.
   */
  create(operation: Operation): Promise<Creation>;

  /**
   * Replaces an operation and appends the events after `sequence`, if the record still stands at
   * `sequence`. False: somebody else moved it first, and nothing was written.
   */
  save(operation: Operation, sequence: number): Promise<boolean>;

  find(id: string): Promise<Operation | undefined>;
  findByKey(requestedBy: string, idempotencyKey: string): Promise<Operation | undefined>;
  /** The open operation that disturbs a device. */
  findDisturbing(hub: string, deviceId: string): Promise<Operation | undefined>;
  /** The newest operation that disturbs or disturbed a device; of one action, if given. */
  findLatest(hub: string, deviceId: string, action?: string): Promise<Operation | undefined>;
  /** Every operation that has not ended, oldest first. */
  findOpen(): Promise<readonly Operation[]>;
  /** Newest first. */
  list(selection: OperationSelection, page: JournalPage): Promise<readonly Operation[]>;
  /** The events of an operation after a sequence number, in order. */
  events(id: string, after: number): Promise<readonly OperationEvent[]>;

  close(): Promise<void>;
}

export type Creation =
  | { readonly kind: 'CREATED' }
  | { readonly kind: 'KEY_USED'; readonly by: Operation }
  | { readonly kind: 'DEVICE_BUSY'; readonly by: Operation };

export interface OperationSelection {
  readonly hub?: string;
  readonly deviceId?: string;
  readonly action?: string;
  readonly statuses?: readonly OperationStatus[];
}

export interface JournalPage {
  readonly first: number;
  /** The id of the last operation of the page before. */
  readonly after?: string;
}
