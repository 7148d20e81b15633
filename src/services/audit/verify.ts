import type { AuditStore, StoredEntry } from '../store/audit-store.js';
import { type AuditHead, chainStart, hashOf, parseEntry } from './entry.js';

/** What is left of a chain of entries. */
export type Verdict =
  | { readonly kind: 'INTACT'; readonly first: number; readonly last: AuditHead }
  /** The first entry that does not fit. */
  | { readonly kind: 'BROKEN'; readonly sequence: number; readonly problem: string };

export interface VerificationOptions {
  /** Heads that were written outside the database. */
  readonly anchors: readonly AuditHead[];
  /** Where the chain begins, once what is before was removed: the entry before must be anchored. */
  readonly from?: number;
}

const AT_ONCE = 500;

/** Reads the whole chain, a part at a time, and compares it with itself and with the anchors. */
export async function verifyChain(
  store: Pick<AuditStore, 'read' | 'head'>,
  { anchors, from = 1 }: VerificationOptions,
): Promise<Verdict> {
  // Others may append meanwhile: what was the end when this began is in the chain.
  const known = bySequence([...anchors, await store.head()]);
  let last = from === 1 ? chainStart : anchors.find(({ sequence }) => sequence === from - 1);
  if (!last) {
    return { kind: 'BROKEN', sequence: from, problem: `no anchor tells of entry ${from - 1}` };
  }
  for (;;) {
    const entries = await store.read(last.sequence, AT_ONCE);
    for (const entry of entries) {
      const problem = problemOf(entry, last, known);
      if (problem) return { kind: 'BROKEN', sequence: last.sequence + 1, problem };
      last = { sequence: entry.sequence, hash: entry.hash };
    }
    if (entries.length < AT_ONCE) break;
  }
  const { sequence } = last;
  if ([...known.keys()].some((anchored) => anchored > sequence)) {
    const problem = 'it is missing, and so is all behind it: an anchor, or the head, tells of more';
    return { kind: 'BROKEN', sequence: sequence + 1, problem };
  }
  return { kind: 'INTACT', first: from, last };
}

function problemOf(
  entry: StoredEntry,
  last: AuditHead,
  known: ReadonlyMap<number, readonly string[]>,
): string | undefined {
  const { sequence, text, hash, isFound } = entry;
  if (sequence !== last.sequence + 1) return 'it is missing';
  if (hashOf(text) !== hash) return 'it was changed: its hash is another';
  const content = parseEntry(entry);
  if (content.sequence !== sequence || content.previous !== last.hash) {
    return 'it does not follow the entry before it';
  }
  if (!isFound) return 'the columns that it is searched by do not say what it says';
  const isOther = known.get(sequence)?.some((anchored) => anchored !== hash);
  return isOther ? 'it was rewritten: an anchor, or the head, has another hash' : undefined;
}

function bySequence(heads: readonly AuditHead[]): ReadonlyMap<number, readonly string[]> {
  const hashes = new Map<number, string[]>();
  for (const { sequence, hash } of heads) {
    const others = hashes.get(sequence);
    if (others) others.push(hash);
    else hashes.set(sequence, [hash]);
  }
  return hashes;
}
