import { appendFile, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type Cancel, type Clock, systemClock } from '../clock.js';
import type { AuditHead } from './entry.js';

/** How often the head is written outside the database, if it moved (ms). */
const INTERVAL = 30_000;

export interface AnchorsOptions {
  readonly head: () => Promise<AuditHead>;
  /** Only ever appended to; undefined: the head is told to `onAnchor` alone. */
  readonly file: string | undefined;
  /** Told of every head that is anchored: for the log. */
  readonly onAnchor: (head: AuditHead) => void;
  /** Told when a head could not be read or written; the next try is an interval away. */
  readonly onError: (error: unknown) => void;
  readonly clock?: Clock;
}

/**
 * Writes the head of the chain outside the database again and again: who cuts off or rewrites the
 * end of the chain must also rewrite what is elsewhere.
 */
export class Anchors {
  readonly #options: Required<AnchorsOptions>;
  #last: number | undefined;
  #closed = false;
  #cancel: Cancel = () => {};

  constructor(options: AnchorsOptions) {
    this.#options = { clock: systemClock, ...options };
  }

  /** Anchors the head as it is now, and then at intervals. */
  async start(): Promise<void> {
    await this.#anchor();
    if (this.#closed) return;
    this.#cancel = this.#options.clock.after(INTERVAL, () => void this.start());
  }

  /** Anchors the head a last time. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#cancel();
    await this.#anchor();
  }

  async #anchor(): Promise<void> {
    const { head, file, onAnchor, onError, clock } = this.#options;
    try {
      const { sequence, hash } = await head();
      if (sequence === this.#last) return;
      if (file !== undefined) {
        const at = new Date(clock.now()).toISOString();
        await mkdir(dirname(file), { recursive: true });
        await appendFile(file, `${JSON.stringify({ sequence, hash, at })}\n`, { mode: 0o600 });
      }
      onAnchor({ sequence, hash });
      this.#last = sequence;
    } catch (error) {
      onError(error);
    }
  }
}

/** The heads in a file of anchors, or in a log of JSON lines; all other lines are passed over. */
export function parseAnchors(text: string): readonly AuditHead[] {
  return text.split('\n').flatMap((line) => {
    const { sequence, hash } = parseLine(line);
    const isHead =
      Number.isSafeInteger(sequence) && typeof hash === 'string' && /^[0-9a-f]{64}$/.test(hash);
    return isHead ? [{ sequence: Number(sequence), hash }] : [];
  });
}

function parseLine(line: string): { readonly sequence?: unknown; readonly hash?: unknown } {
  try {
    return Object(JSON.parse(line));
  } catch {
    return {};
  }
}
