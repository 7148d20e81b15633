import { createHash } from 'node:crypto';
import type { DeviceRef } from '../device-id.js';
import { canonicalJson, type JsonValue } from '../json.js';

/** How an act ended, or that it began. */
export type AuditOutcome = 'STARTED' | 'DONE' | 'PARTLY_DONE' | 'REFUSED' | 'FAILED';

/** What an act is done to. */
export interface AuditTarget {
  /** Null where the id names no device of a hub that is served. */
  readonly hub: string | null;
  readonly deviceId: string;
  readonly moduleId: string | null;
  /** Why it was not done to this one, where others fared better. */
  readonly code: string | null;
}

/** What is to be put on record. No secret may be in it. */
export interface AuditRecord {
  /** In milliseconds, by the time of all gateways. */
  readonly at: number;
  readonly actor: string;
  /** The field that was asked for; `finishOperation` where an operation ended. */
  readonly action: string;
  readonly permission: string;
  readonly outcome: AuditOutcome;
  /** Says more of the outcome, such as why it was refused. */
  readonly code: string | null;
  /** The sequence number of the entry that this one concludes. */
  readonly concludes: number | null;
  readonly targets: readonly AuditTarget[];
  readonly operationId: string | null;
  /** What was asked for, without secrets; in the first entry of an act alone. */
  readonly input: JsonValue;
  readonly reason: string | null;
  /** Null for what no request did. */
  readonly requestId: string | null;
  readonly address: string | null;
  /** How many acts it stands for: more than one only where refusals were gathered. */
  readonly count: number;
}

/** A place in the chain of entries. */
export interface AuditHead {
  readonly sequence: number;
  /** SHA-256, hexadecimal. */
  readonly hash: string;
}

/** A record in its place. */
export interface AuditEntry extends AuditRecord, AuditHead {
  /** The hash of the entry before. */
  readonly previous: string;
}

/** An entry as it is stored: the hash is that of the text. */
export interface SealedEntry extends AuditHead {
  /** Canonical JSON of the record, its sequence number and the hash before. */
  readonly text: string;
}

/** Where every chain begins: the entry before the first. */
export const chainStart: AuditHead = { sequence: 0, hash: '0'.repeat(64) };

/** Puts records behind the head of a chain. */
export function sealEntries(
  head: AuditHead,
  records: readonly AuditRecord[],
): readonly SealedEntry[] {
  let { sequence, hash } = head;
  return records.map((record) => {
    sequence += 1;
    const targets = record.targets.map((target) => ({ ...target }));
    const text = canonicalJson({ ...record, targets, sequence, previous: hash });
    hash = hashOf(text);
    return { sequence, text, hash };
  });
}

export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

export function parseEntry({ text, hash }: SealedEntry): AuditEntry {
  return { ...(JSON.parse(text) as Omit<AuditEntry, 'hash'>), hash };
}

/** The devices that an entry is found by: each once. */
export function devicesOf({ targets }: Pick<AuditRecord, 'targets'>): readonly DeviceRef[] {
  const devices = targets.flatMap(({ hub, deviceId }) => (hub === null ? [] : [{ hub, deviceId }]));
  return [...new Map(devices.map((ref) => [`${ref.hub}/${ref.deviceId}`, ref])).values()];
}
