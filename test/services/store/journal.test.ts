import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { fold } from '../../../src/services/actions/fold.js';
import type { Operation, OperationEvent } from '../../../src/services/actions/operation.js';
import type { Journal } from '../../../src/services/store/journal.js';
import { openPostgres } from '../../../src/services/store/postgres.js';
import { createPostgresJournal } from '../../../src/services/store/postgres-journal.js';
import { openSqliteJournal } from '../../../src/services/store/sqlite-journal.js';
import { rejectionOf } from '../../emulator/support/rejection.js';
import { type Postgres, postgresMissing, startPostgres } from '../../support/postgres.js';
import { createTemporaryFolder } from '../../support/temporary-folder.js';
import {
  claimed,
  gone,
  idsOf,
  operationOf,
  rebootCall,
  requestedAt,
} from '../support/operations.js';
import { makeReading } from '../support/twins.js';

/** A place for one journal. */
interface Place extends AsyncDisposable {
  /** Opens it; close it before it is opened again. */
  open(): Promise<Journal>;
}

let server: Postgres | undefined;
beforeAll(async () => {
  if (postgresMissing === undefined) server = await startPostgres();
});
afterAll(() => server?.[Symbol.asyncDispose]());

async function createFolder(): Promise<Place> {
  const folder = await createTemporaryFolder();
  return {
    open: () => openSqliteJournal(folder.path),
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}

async function createDatabase(): Promise<Place> {
  const url = (await server?.newDatabase()) ?? '';
  return {
    async open() {
      const postgres = await openPostgres(url);
      const journal = createPostgresJournal(postgres);
      return Object.assign(journal, { close: () => postgres.close() });
    },
    async [Symbol.asyncDispose]() {},
  };
}

const databases = [
  { name: 'SQLite', missing: false, createPlace: createFolder },
  { name: 'PostgreSQL', missing: postgresMissing !== undefined, createPlace: createDatabase },
];

const ids = idsOf(9);
const [first = '', second = ''] = ids;

async function eventsOf(
  journal: Journal,
  id: string,
  after: number,
): Promise<readonly OperationEvent[]> {
  const { history = [] } = (await journal.find(id)) ?? {};
  return history.filter(({ sequence }) => sequence > after);
}

for (const { name, missing, createPlace } of databases)
  describe.skipIf(missing)(`in ${name}`, () => {
    let place: Place;
    let journal: Journal;
    beforeEach(async () => {
      place = await createPlace();
      journal = await place.open();
    });
    afterEach(async () => {
      await journal.close();
      await place[Symbol.asyncDispose]();
    });

    async function createAll(...operations: readonly Operation[]): Promise<void> {
      for (const operation of operations) {
        expect(await journal.create(operation)).toEqual({ kind: 'CREATED' });
      }
    }

    async function reopen(): Promise<void> {
      await journal.close();
      journal = await place.open();
    }

    describe('creating', () => {
      it('keeps the operation as it was given', async () => {
        const operation = operationOf(first, {
          idempotencyKey: 'once',
          call: { ...rebootCall, payload: { ö: [1, null, '\u0000', '😀'] } },
        });

        await createAll(operation);

        expect(await journal.find(first)).toEqual(operation);
        expect(await journal.find(second)).toBeUndefined();
      });

      it('refuses a second disturbing operation on a device, and says which keeps it busy', async () => {
        const busy = operationOf(first, { deviceId: 'd1' });
        await createAll(busy);

        const creation = await journal.create(
          operationOf(second, { deviceId: 'd1', action: 'factoryReset' }),
        );

        expect(creation).toEqual({ kind: 'DEVICE_BUSY', by: busy });
        expect(await journal.find(second)).toBeUndefined();
        expect(await eventsOf(journal, second, 0)).toEqual([]);
      });

      it('lets a device of the same name on another hub alone', async () => {
        await createAll(
          operationOf(first, { deviceId: 'd1' }),
          operationOf(second, { deviceId: 'd1', hub: 'fans' }),
        );
      });

      it('lets harmless operations run beside a disturbing one', async () => {
        const [, , third = ''] = ids;
        await createAll(
          operationOf(first, { deviceId: 'd1' }),
          operationOf(second, { deviceId: 'd1', disturbing: false }),
          operationOf(third, { deviceId: 'd1', disturbing: false }),
        );
      });

      it('frees the device with the end of the operation', async () => {
        const busy = operationOf(first, { deviceId: 'd1' });
        await createAll(busy);
        await journal.save(gone(busy), busy.sequence);

        await createAll(operationOf(second, { deviceId: 'd1' }));
      });

      it('gives the operation for which a caller used the key before, even when it ended', async () => {
        const open = operationOf(first, { idempotencyKey: 'once', deviceId: 'd1' });
        await createAll(open);
        await journal.save(gone(open), open.sequence);

        const creation = await journal.create(
          operationOf(second, { idempotencyKey: 'once', deviceId: 'd2' }),
        );

        expect(creation).toMatchObject({ kind: 'KEY_USED', by: { operationId: first } });
      });

      it('says that the key was used rather than that the device is busy', async () => {
        const same = { idempotencyKey: 'once', deviceId: 'd1' };
        await createAll(operationOf(first, same));

        expect(await journal.create(operationOf(second, same))).toMatchObject({ kind: 'KEY_USED' });
      });

      it('keeps the keys of callers apart', async () => {
        await createAll(
          operationOf(first, { idempotencyKey: 'once', requestedBy: 'one' }),
          operationOf(second, { idempotencyKey: 'once', requestedBy: 'another' }),
        );

        expect((await journal.findKey('another', 'once'))?.operationId).toBe(second);
        expect(await journal.findKey('third', 'once')).toBeUndefined();
      });

      it('fails for an id that is there', async () => {
        await createAll(operationOf(first, { deviceId: 'd1' }));

        const again = journal.create(operationOf(first, { deviceId: 'd2' }));

        expect((await rejectionOf(again)).message).toMatch(/unique/i);
        expect((await journal.find(first))?.deviceId).toBe('d1');
      });

      it('lets exactly one of many at once have a device', async () => {
        const many = Array.from({ length: 40 }, (_, index) =>
          operationOf(`019d0000-0000-7000-8000-0000000001${String(index).padStart(2, '0')}`, {
            deviceId: 'd1',
          }),
        );

        const creations = await Promise.all(many.map((operation) => journal.create(operation)));

        const winner = await journal.findDisturbing('pumps', 'd1');
        expect(creations.filter(({ kind }) => kind === 'CREATED')).toHaveLength(1);
        expect(creations.filter(({ kind }) => kind === 'DEVICE_BUSY')).toHaveLength(39);
        for (const creation of creations) {
          if (creation.kind !== 'CREATED') expect(creation.by).toEqual(winner);
        }
      });

      it('lets exactly one of many at once have a key', async () => {
        const many = ids.map((id) => operationOf(id, { idempotencyKey: 'once' }));

        const creations = await Promise.all(many.map((operation) => journal.create(operation)));

        expect(creations.filter(({ kind }) => kind === 'CREATED')).toHaveLength(1);
        expect(creations.filter(({ kind }) => kind === 'KEY_USED')).toHaveLength(8);
      });
    });

    describe('saving', () => {
      it('takes what follows the state it knows, with its events', async () => {
        const operation = operationOf(first);
        await createAll(operation);
        const moved = gone(claimed(operation));

        expect(await journal.save(moved, operation.sequence)).toBe(true);

        expect(await journal.find(first)).toEqual(moved);
        expect(await eventsOf(journal, first, 0)).toEqual(moved.history);
      });

      it('writes nothing when somebody else moved the operation first', async () => {
        const operation = operationOf(first);
        await createAll(operation);
        const winner = claimed(operation);
        await journal.save(winner, operation.sequence);

        expect(await journal.save(gone(operation), operation.sequence)).toBe(false);
        expect(await journal.save(gone(operation), 7)).toBe(false);

        expect(await journal.find(first)).toEqual(winner);
        expect(await eventsOf(journal, first, 0)).toEqual(winner.history);
      });

      it('writes nothing of an operation that was never created', async () => {
        expect(await journal.save(claimed(operationOf(first)), 1)).toBe(false);
        expect(await journal.find(first)).toBeUndefined();
        expect(await eventsOf(journal, first, 0)).toEqual([]);
      });

      it('lets exactly one of many at once win', async () => {
        const operation = operationOf(first);
        await createAll(operation);

        const saved = await Promise.all(
          Array.from({ length: 20 }, (_, index) =>
            journal.save(claimed(operation, requestedAt + index), operation.sequence),
          ),
        );

        expect(saved.filter((won) => won)).toHaveLength(1);
        expect((await journal.find(first))?.sentAt).toBe(requestedAt + saved.indexOf(true));
        expect(await eventsOf(journal, first, 0)).toHaveLength(2);
      });

      it('takes a baseline that moved without an event', async () => {
        const operation = claimed(operationOf(first));
        await createAll(operation);
        const reading = makeReading(requestedAt + 1_500, {
          version: 6,
          report: { value: 'foreign', at: '2026-03-09T07:00:00.5Z' },
        });
        const moved = fold(operation, { kind: 'READING', reading }, requestedAt + 1_500);

        expect(moved.sequence).toBe(operation.sequence);
        expect(await journal.save(moved, operation.sequence)).toBe(true);
        expect((await journal.find(first))?.baseline?.value).toBe('foreign');
      });
    });

    describe('the history', () => {
      it('has no gaps, whatever number of steps was saved at once', async () => {
        let operation = operationOf(first);
        await createAll(operation);
        for (const steps of [1, 3, 1, 5]) {
          const before = operation.sequence;
          for (let step = 0; step < steps; step += 1) {
            const sequence = operation.sequence + 1;
            const [event] = operation.history;
            if (!event) throw new TypeError('an operation has a first event');
            operation = {
              ...operation,
              sequence,
              history: [...operation.history, { ...event, sequence }],
            };
          }
          expect(await journal.save(operation, before)).toBe(true);
        }

        const events = await eventsOf(journal, first, 0);

        expect(events.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
        expect((await journal.find(first))?.history).toEqual(events);
        expect((await eventsOf(journal, first, 8)).map(({ sequence }) => sequence)).toEqual([
          9, 10, 11,
        ]);
        expect(await eventsOf(journal, first, 11)).toEqual([]);
      });
    });

    describe('looking up', () => {
      const [a = '', b = '', c = '', d = '', e = ''] = ids;
      beforeEach(async () => {
        const ended = operationOf(a, { deviceId: 'd1' });
        await createAll(ended);
        await journal.save(gone(ended), ended.sequence);
        await createAll(
          operationOf(b, { deviceId: 'd1', disturbing: false, action: 'blink' }),
          operationOf(c, { deviceId: 'd1', action: 'factoryReset' }),
          operationOf(d, { deviceId: 'd2' }),
          operationOf(e, { deviceId: 'd1', hub: 'fans' }),
        );
      });

      const listed = async (...parameters: Parameters<Journal['list']>) =>
        (await journal.list(...parameters)).map(({ id }) => id);

      it('lists the newest first, page by page', async () => {
        expect(await listed({}, { first: 2 })).toEqual([e, d]);
        expect(await listed({}, { first: 2, after: d })).toEqual([c, b]);
        expect(await listed({}, { first: 2, after: b })).toEqual([a]);
        expect(await listed({}, { first: 2, after: a })).toEqual([]);
      });

      it('selects by hub, device, action and status, all of them at once', async () => {
        const page = { first: 10 };

        expect(await listed({ hub: 'pumps', deviceId: 'd1' }, page)).toEqual([c, b, a]);
        expect(await listed({ hub: 'fans' }, page)).toEqual([e]);
        expect(await listed({ action: 'reboot' }, page)).toEqual([e, d, a]);
        expect(await listed({ statuses: ['FAILED', 'CANCELED'] }, page)).toEqual([a]);
        expect(await listed({ statuses: [] }, page)).toEqual([]);
        expect(
          await listed(
            { hub: 'pumps', deviceId: 'd1', action: 'reboot', statuses: ['REQUESTED'] },
            page,
          ),
        ).toEqual([]);
      });

      it('shows each with its whole history', async () => {
        const all = await journal.list({}, { first: 10 });

        for (const { sequence, history } of all) expect(history).toHaveLength(sequence);
      });

      it('finds what keeps a device busy, what disturbed it last, and what is open', async () => {
        expect((await journal.findDisturbing('pumps', 'd1'))?.id).toBe(c);
        expect(await journal.findDisturbing('pumps', 'd9')).toBeUndefined();
        expect((await journal.findLatest('pumps', 'd1'))?.id).toBe(c);
        expect((await journal.findLatest('pumps', 'd1', 'reboot'))?.id).toBe(a);
        expect(await journal.findLatest('pumps', 'd1', 'blink')).toBeUndefined();
        const open = await Promise.all(['pumps', 'fans'].map((hub) => journal.adopt(hub)));
        expect(
          open
            .flat()
            .map(({ id }) => id)
            .sort(),
        ).toEqual([b, c, d, e]);
        expect(open.map(({ length }) => length)).toEqual([3, 1]);
      });

      it('finds what timed out without evidence, since a time in milliseconds', async () => {
        const [, , , , , late = '', later = ''] = ids;
        const timedOut = { deviceId: 'd3', status: 'TIMED_OUT', report: null } as const;
        await createAll(
          operationOf(late, { ...timedOut, finishedAt: requestedAt }),
          operationOf(later, { ...timedOut, finishedAt: requestedAt + 1, disturbing: false }),
        );

        expect((await journal.findUnsettled('pumps', 'd3', requestedAt))?.id).toBe(later);
        expect((await journal.findUnsettled('pumps', 'd3', requestedAt + 1))?.id).toBe(later);
        expect(await journal.findUnsettled('pumps', 'd3', requestedAt + 2)).toBeUndefined();
        expect(await journal.findUnsettled('pumps', 'd1', 0)).toBeUndefined();
      });

      it('takes hostile text as text', async () => {
        const hostile = "d1' OR '1' = '1";

        expect(await listed({ deviceId: hostile }, { first: 10 })).toEqual([]);
        expect(await journal.find('\u0000')).toBeUndefined();
        expect(await journal.find(`${hostile}; DROP TABLE operations`)).toBeUndefined();
        expect(await listed({}, { first: 10 })).toHaveLength(5);
      });
    });

    describe('opening again', () => {
      it('holds everything for the next one who opens it', async () => {
        const operation = operationOf(first, { idempotencyKey: 'once' });
        await createAll(operation);
        await journal.save(claimed(operation), operation.sequence);

        await reopen();

        expect(await journal.find(first)).toEqual(claimed(operation));
        expect(await journal.create(operationOf(second, { idempotencyKey: 'once' }))).toMatchObject(
          {
            kind: 'KEY_USED',
          },
        );
      });
    });
  });
