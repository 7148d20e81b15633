import type { Operation, OperationStatus } from '../actions/operation.js';
import type { AuditStore } from './audit-store.js';

/**
 * The durable record of operations. What a promise here has settled survives the end of the
 * process; two writers never both win.
 */
export interface Journal {
  /** What was done, by whom. The end of an operation is put there together with the operation. */
  readonly audit: AuditStore;

  /**
   * Records a new operation with its history and its idempotency key, unless the same caller used
   * that key before, or it would disturb a device that another open operation disturbs.
   */
  create(operation: Operation): Promise<Creation>;

  /**
   * Records that a caller's key stands for an operation that was there before. If the key was used
   * meanwhile, what it stood for first remains.
   */
  remember(key: UsedKey): Promise<void>;

  /**
   * Replaces an operation and appends the events after `sequence`, if the record still stands at
   * `sequence`. False: somebody else moved it first, and nothing was written.
   */
  save(operation: Operation, sequence: number): Promise<boolean>;

  find(id: string): Promise<Operation | undefined>;
  /** What a caller's idempotency key stands for. */
  findKey(requestedBy: string, idempotencyKey: string): Promise<UsedKey | undefined>;
  /** The open operation that disturbs a device. */
  findDisturbing(hub: string, deviceId: string): Promise<Operation | undefined>;
  /** The newest operation that disturbs or disturbed a device; of one action, if given. */
  findLatest(hub: string, deviceId: string, action?: string): Promise<Operation | undefined>;
  /**
   * The newest operation that timed out on a device without evidence, since a time (ms): its
   * evidence could yet come.
   */
  findUnsettled(hub: string, deviceId: string, since: number): Promise<Operation | undefined>;
  /**
   * Takes over the operations on a hub that have not ended and that no living gateway drives.
   * An operation goes to one gateway only. Gives all that are then for this one to drive, oldest
   * first, but those that it knows.
   */
  adopt(hub: string, isKnown?: (id: string) => boolean): Promise<readonly Operation[]>;
  /** Newest first. */
  list(selection: OperationSelection, page: JournalPage): Promise<readonly Operation[]>;

  /** Proves that the record can be read and written to. Throws where it cannot. */
  check(): Promise<void>;

  close(): Promise<void>;
}

export type Creation =
  | { readonly kind: 'CREATED' }
  | { readonly kind: 'KEY_USED'; readonly by: UsedKey }
  | { readonly kind: 'DEVICE_BUSY'; readonly by: Operation };

/** An idempotency key, and what it was used for. */
export interface UsedKey {
  readonly requestedBy: string;
  readonly idempotencyKey: string;
  /** Tells whether another request with this key asks for the same. */
  readonly inputHash: string;
  readonly operationId: string;
}

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
