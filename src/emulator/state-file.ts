import {
  closeSync,
  constants,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { Entry, EntryKind, Journal } from './hub/journal.js';
import type { JsonValue } from './json.js';

/** State that outlives the process, also one that is killed: what is acknowledged is in the file. */
export interface StateFile extends Journal {
  /** What the file held at the start. */
  readonly entries: readonly Entry[];
  /** From now on changes are written. Before, they are the entries being put back. */
  begin(): void;
  close(): void;
}

/** A line of the file: a thing in its present state, or, without a value, that it is gone. */
type Line = readonly [kind: EntryKind, key: string, value?: JsonValue];

/**
 * Opens `state.jsonl` in `dataDir`, for one process at a time. Each change is appended with one
 * write, and survives the process; a loss of power may take the last ones, unless `sync` is asked
 * for: then a write is over once the disk has it. The file is compacted at each start.
 */
export function openStateFile(dataDir: string, { sync = false } = {}): StateFile {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const unlock = lock(join(dataDir, 'state.lock'));
  const file = join(dataDir, 'state.jsonl');
  try {
    const entries = readEntries(file);
    compact(file, entries);
    const flags = constants.O_WRONLY | constants.O_APPEND | (sync ? syncFlag() : 0);
    const descriptor = openSync(file, flags);
    let begun = false;
    return {
      entries,
      begin() {
        begun = true;
      },
      put({ kind, key, value }) {
        if (begun) append(descriptor, [kind, key, value]);
      },
      remove(kind, key) {
        if (begun) append(descriptor, [kind, key]);
      },
      close() {
        closeSync(descriptor);
        unlock();
      },
    };
  } catch (error) {
    unlock();
    throw error;
  }
}

function readEntries(file: string): readonly Entry[] {
  const entries = new Map<string, Entry>();
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n');
  lines.pop(); // empty, or the beginning of a line that nobody was told of
  for (const [index, text] of lines.entries()) {
    const [kind, key, value] = parseLine(text, `${file} line ${index + 1}`);
    const id = `${kind} ${key}`;
    if (value === undefined) entries.delete(id);
    else entries.set(id, { kind, key, value });
  }
  return [...entries.values()];
}

function parseLine(text: string, place: string): Line {
  try {
    return JSON.parse(text) as Line;
  } catch {
    throw new Error(`${place} is damaged: mend or remove the file`);
  }
}

function compact(file: string, entries: readonly Entry[]): void {
  const draft = `${file}.new`;
  const lines = entries.map(({ kind, key, value }) => formatLine([kind, key, value]));
  writeFileSync(draft, lines.join(''), { mode: 0o600, flush: true });
  renameSync(draft, file);
  syncFolder(dirname(file));
}

/** With it each write waits for the disk, which is what fsync after each write would do. */
function syncFlag(): number {
  const flag: number | undefined = constants.O_DSYNC ?? constants.O_SYNC;
  if (flag === undefined) throw new Error('this system cannot wait for its disk: leave out --sync');
  return flag;
}

function append(descriptor: number, line: Line): void {
  const bytes = Buffer.from(formatLine(line));
  for (let written = 0; written < bytes.length; ) {
    written += writeSync(descriptor, bytes, written);
  }
}

/** Makes the new name last, where folders can be synced: Windows has no such thing. */
function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const descriptor = openSync(folder, 'r');
  fsyncSync(descriptor);
  closeSync(descriptor);
}

function formatLine(line: Line): string {
  return `${JSON.stringify(line)}\n`;
}

/** Two processes in one file would destroy it. Returns how to unlock. */
function lock(file: string): () => void {
  for (;;) {
    try {
      writeFileSync(file, String(process.pid), { flag: 'wx' });
      return () => rmSync(file, { force: true });
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    }
    const owner = Number(readFileSync(file, 'utf8'));
    if (isAlive(owner)) {
      throw new Error(`${file}: the emulator with process id ${owner} keeps its state here`);
    }
    rmSync(file, { force: true });
  }
}

function isAlive(processId: number): boolean {
  if (!(processId > 0)) return false;
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
