import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Journal } from '../../../src/services/store/journal.js';
import { openSqliteJournal } from '../../../src/services/store/sqlite-journal.js';
import { rejectionOf } from '../../emulator/support/rejection.js';
import { startProgram } from '../../support/program.js';
import { createTemporaryFolder, type TemporaryFolder } from '../../support/temporary-folder.js';
import { claimed, idsOf, operationOf } from '../support/operations.js';

let folder: TemporaryFolder;
let journal: Journal;
beforeEach(async () => {
  folder = await createTemporaryFolder();
  journal = await openSqliteJournal(folder.path);
});
afterEach(async () => {
  await journal.close();
  await folder[Symbol.asyncDispose]();
});

const [first = ''] = idsOf(1);

describe('the folder', () => {
  it('is made where it is not there, with those above it', async () => {
    const path = join(folder.path, 'a', 'b');
    const inner = await openSqliteJournal(path);
    await inner.close();

    await (await openSqliteJournal(path)).close();
  });

  it('belongs to one gateway at a time, and says so to the second', async () => {
    const error = await rejectionOf(openSqliteJournal(folder.path));

    expect(error.message).toContain(folder.path);
    expect(error.message).toContain('is another gateway using this folder?');
    expect(await journal.create(operationOf(first))).toEqual({ kind: 'CREATED' });
  });

  it('that cannot be one is refused with the reason', async () => {
    const file = join(folder.path, 'file');
    writeFileSync(file, '');

    expect((await rejectionOf(openSqliteJournal(file))).message).toContain(file);
  });

  it('whose journal is broken is refused by name, and is free again at once', async () => {
    const path = join(folder.path, 'broken');
    await (await openSqliteJournal(path)).close();
    const file = join(path, 'twinql.db');
    // What is not in the file yet would make up for it.
    for (const log of [`${file}-wal`, `${file}-shm`]) rmSync(log, { force: true });
    writeFileSync(file, 'this is no database, and it is longer than a header would be'.repeat(99));

    for (const _attempt of [1, 2]) {
      const { message } = await rejectionOf(openSqliteJournal(path));
      expect(message).toBe(`${file}: file is not a database`);
    }
  });

  describe('of a gateway in another process', () => {
    const writer = fileURLToPath(new URL('../support/journal-writer.mjs', import.meta.url));
    const start = () =>
      startProgram(writer, { args: [join(folder.path, 'b'), JSON.stringify(operationOf(first))] });

    it('is not to be had while that one runs', async () => {
      await using program = start();
      await program.waitFor(/saved 1\n/);

      expect((await rejectionOf(openSqliteJournal(join(folder.path, 'b')))).message).toContain(
        'is another gateway using this folder?',
      );
    });

    it('holds all that was promised when that one is killed in the middle of its work', async () => {
      const program = start();
      await program.waitFor(/saved 50\n/);

      program.kill('SIGKILL');
      await program.exit();
      const promised = Number(program.output.trim().split(' ').at(-1));
      const after = await openSqliteJournal(join(folder.path, 'b'));
      const found = await after.find(first);
      const next = found && (await after.save(claimed(found), found.sequence));
      await after.close();

      expect(promised).toBeGreaterThanOrEqual(50);
      expect(found?.sequence).toBeGreaterThanOrEqual(promised);
      expect(found?.history.map(({ sequence }) => sequence)).toEqual(
        Array.from({ length: found?.sequence ?? 0 }, (_, index) => index + 1),
      );
      expect(next).toBe(true);
    });
  });
});
