import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AuditHead, AuditRecord } from '../../../src/services/audit/entry.js';
import { verifyChain } from '../../../src/services/audit/verify.js';
import type { Journal } from '../../../src/services/store/journal.js';
import { openPostgres } from '../../../src/services/store/postgres.js';
import { createPostgresJournal } from '../../../src/services/store/postgres-journal.js';
import { openSqliteJournal } from '../../../src/services/store/sqlite-journal.js';
import { databaseKinds, type TestDatabase } from '../../support/databases.js';

async function open({ environment }: TestDatabase): Promise<Journal> {
  const { DATABASE_URL, DATA_DIR = '' } = environment;
  if (DATABASE_URL === undefined) return openSqliteJournal(DATA_DIR);
  const postgres = await openPostgres(DATABASE_URL);
  return Object.assign(createPostgresJournal(postgres), { close: () => postgres.close() });
}

function recordOf(deviceId: string): AuditRecord {
  return {
    at: 1_000,
    actor: 'ada',
    action: 'rebootDevice',
    permission: 'device:reboot',
    outcome: 'DONE',
    code: null,
    concludes: null,
    targets: [{ hub: 'h', deviceId, moduleId: null, code: null }],
    operationId: null,
    input: { z: 1, a: { '2': '*', '10': '\0 \ud800' } },
    reason: 'it hangs',
    requestId: null,
    address: null,
    count: 1,
  };
}

const lettingGo = {
  SQLite: ['entries', 'targets'].flatMap((table) =>
    ['update', 'delete'].map((event) => `DROP TRIGGER audit_${table}_no_${event}`),
  ),
  PostgreSQL: ['entries', 'targets'].map(
    (table) => `DROP TRIGGER audit_${table}_append_only ON audit_${table}`,
  ),
};

for (const kind of databaseKinds())
  describe.skipIf(kind.missing !== undefined)(`the chain in ${kind.name}`, () => {
    let database: TestDatabase;
    let journal: Journal;
    beforeEach(async () => {
      database = await kind.create();
      journal = await open(database);
    });
    afterEach(async () => {
      await journal.close();
      await database[Symbol.asyncDispose]();
    });
    afterAll(() => kind.stop());

    async function grow(length: number): Promise<AuditHead> {
      const records = Array.from({ length }, (_, index) => recordOf(`device-${index + 1}`));
      await journal.audit.append(records);
      return journal.audit.head();
    }

    async function tamper(...statements: readonly string[]): Promise<void> {
      const all = [...lettingGo[kind.name as keyof typeof lettingGo], ...statements];
      for (const statement of all) await database.execute(statement);
    }

    it('is intact as long as nobody touches it, also over many reads', async () => {
      expect(await verifyChain(journal.audit, { anchors: [] })).toMatchObject({
        kind: 'INTACT',
        last: { sequence: 0 },
      });
      const last = await grow(1203);
      const anchors = [last];
      await journal.audit.append([recordOf('later')]);
      expect(await verifyChain(journal.audit, { anchors })).toMatchObject({
        kind: 'INTACT',
        first: 1,
        last: { sequence: 1204 },
      });
    });

    it('is one, whoever appends at once', async () => {
      const batches = Array.from({ length: 20 }, (_, index) =>
        journal.audit.append([recordOf(`a-${index}`), recordOf(`b-${index}`)]),
      );
      await Promise.all(batches);
      expect(await verifyChain(journal.audit, { anchors: [] })).toMatchObject({
        kind: 'INTACT',
        last: { sequence: 40 },
      });
    });

    it.each([
      ["UPDATE audit_entries SET actor = 'eve' WHERE sequence = 2"],
      ['DELETE FROM audit_entries WHERE sequence = 3'],
      ['DELETE FROM audit_targets'],
    ])('is not changed by %s', async (statement) => {
      await grow(3);
      await expect(database.execute(statement)).rejects.toThrow('append-only');
    });

    it.each([
      [
        'a change',
        2,
        'it was changed: its hash is another',
        ["UPDATE audit_entries SET document = replace(document, 'ada', 'eve') WHERE sequence = 2"],
      ],
      [
        'a change of what is searched',
        4,
        'the columns that it is searched by do not say what it says',
        ["UPDATE audit_entries SET actor = 'eve' WHERE sequence = 4"],
      ],
      [
        'a device that an entry is no longer found by',
        3,
        'the columns that it is searched by do not say what it says',
        ['DELETE FROM audit_targets WHERE sequence = 3'],
      ],
      [
        'a removal',
        3,
        'it is missing',
        [
          'DELETE FROM audit_targets WHERE sequence = 3',
          'DELETE FROM audit_entries WHERE sequence = 3',
        ],
      ],
      [
        'another order',
        2,
        'it does not follow the entry before it',
        [
          'DELETE FROM audit_targets WHERE sequence IN (2, 3)',
          'UPDATE audit_entries SET sequence = -2 WHERE sequence = 2',
          'UPDATE audit_entries SET sequence = 2 WHERE sequence = 3',
          'UPDATE audit_entries SET sequence = 3 WHERE sequence = -2',
        ],
      ],
      [
        'an end that was cut off, and the head moved back',
        4,
        'it is missing, and so is all behind it: an anchor, or the head, tells of more',
        [
          'DELETE FROM audit_targets WHERE sequence > 3',
          'DELETE FROM audit_entries WHERE sequence > 3',
          'UPDATE audit_head SET sequence = 3, hash = (SELECT hash FROM audit_entries WHERE sequence = 3)',
        ],
      ],
    ])('shows %s by the first entry that does not fit', async (_what, sequence, problem, done) => {
      const anchors = [await grow(5)];
      await tamper(...done);
      expect(await verifyChain(journal.audit, { anchors })).toEqual({
        kind: 'BROKEN',
        sequence,
        problem,
      });
    });

    it('shows an end that was made anew, by the anchor', async () => {
      await grow(3);
      const anchors = [await grow(2)];
      await tamper(
        'DELETE FROM audit_targets WHERE sequence > 3',
        'DELETE FROM audit_entries WHERE sequence > 3',
        'UPDATE audit_head SET sequence = 3, hash = (SELECT hash FROM audit_entries WHERE sequence = 3)',
      );
      await journal.audit.append(['x', 'y', 'z'].map(recordOf));
      expect(await verifyChain(journal.audit, { anchors: [] })).toMatchObject({ kind: 'INTACT' });
      expect(await verifyChain(journal.audit, { anchors })).toEqual({
        kind: 'BROKEN',
        sequence: 5,
        problem: 'it was rewritten: an anchor, or the head, has another hash',
      });
    });

    it('may begin behind an anchor, once what was before was removed', async () => {
      const anchor = await grow(3);
      await grow(2);
      await tamper(
        'DELETE FROM audit_targets WHERE sequence <= 3',
        'DELETE FROM audit_entries WHERE sequence <= 3',
      );
      expect(await verifyChain(journal.audit, { anchors: [anchor] })).toMatchObject({
        kind: 'BROKEN',
        sequence: 1,
      });
      expect(await verifyChain(journal.audit, { anchors: [anchor], from: 4 })).toMatchObject({
        kind: 'INTACT',
        first: 4,
      });
      expect(await verifyChain(journal.audit, { anchors: [], from: 4 })).toEqual({
        kind: 'BROKEN',
        sequence: 4,
        problem: 'no anchor tells of entry 3',
      });
    });
  });
