import type {
  AuditEntry,
  AuditHead,
  AuditOutcome,
  AuditRecord,
  SealedEntry,
} from '../audit/entry.js';
import type { DeviceRef } from '../device-id.js';

/** The durable chain of what was done. Nothing in it is ever changed or removed. */
export interface AuditStore {
  /**
   * Puts records at the end of the chain, in their order, all or none; when it resolves they are
   * on the disk. However many gateways append, there is one chain.
   */
  append(records: readonly AuditRecord[]): Promise<readonly SealedEntry[]>;
  /** The end of the chain, as the database says. */
  head(): Promise<AuditHead>;
  /** Newest first. */
  list(selection: AuditSelection, page: AuditPage): Promise<readonly AuditEntry[]>;
  /** The entries behind a sequence number, at most so many, in their order. */
  read(after: number, first: number): Promise<readonly StoredEntry[]>;
}

export interface StoredEntry extends SealedEntry {
  /** Whether the columns that it is searched by say what it says. */
  readonly isFound: boolean;
}

export interface AuditSelection {
  readonly actor?: string | undefined;
  readonly action?: string | undefined;
  readonly device?: DeviceRef | undefined;
  readonly outcomes?: readonly AuditOutcome[] | undefined;
  /** Milliseconds; both are in it. */
  readonly since?: number | undefined;
  readonly until?: number | undefined;
}

export interface AuditPage {
  readonly first: number;
  /** The sequence number of the last entry of the page before. */
  readonly after?: number | undefined;
}
