import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { graphql } from 'graphql';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Context } from '../../src/resolvers/context.js';
import { createSchema } from '../../src/resolvers/index.js';
import type { Caller } from '../../src/services/access.js';
import { Anchors, parseAnchors } from '../../src/services/audit/anchors.js';
import { AuditService } from '../../src/services/audit.js';
import { Hubs } from '../../src/services/hubs.js';
import type { Journal } from '../../src/services/store/journal.js';
import { openSqliteJournal } from '../../src/services/store/sqlite-journal.js';
import { createTemporaryFolder, type TemporaryFolder } from '../support/temporary-folder.js';
import { createManualClock, type ManualClock } from './support/manual-clock.js';

let folder: TemporaryFolder;
let journal: Journal;
let clock: ManualClock;
let audit: AuditService;
beforeEach(async () => {
  folder = await createTemporaryFolder();
  journal = await openSqliteJournal(folder.path);
  clock = createManualClock();
  const onError = (error: unknown) => {
    throw error;
  };
  audit = new AuditService({ store: journal.audit, hubs: new Hubs([]), clock, onError });
});
afterEach(async () => {
  await audit.close();
  await journal.close();
  await folder[Symbol.asyncDispose]();
});

const entries = async () => (await journal.audit.list({}, { first: 1000 })).toReversed();

describe('refusals', () => {
  const origin = { requestId: 'r', address: '192.0.2.7' };

  async function refuse(id: string, source: string, times = 1): Promise<void> {
    const schema = await createSchema();
    const contextValue = { caller: { id, grants: [] }, origin, audit } as unknown as Context;
    for (let done = 0; done < times; done += 1) {
      const { errors } = await graphql({ schema, source, contextValue });
      expect(errors).toMatchObject([{ originalError: { code: 'FORBIDDEN' } }]);
    }
  }

  test('are on record, with who was refused what, on which device, from where', async () => {
    await refuse('eve', 'mutation { deleteDevice(input: {deviceId: "d", reason: "r"}) { hub } }');
    await refuse('eve', '{ device(id: "d") { id } }');

    await vi.waitFor(async () => expect(await entries()).toHaveLength(2));
    const told = { actor: 'eve', outcome: 'REFUSED', code: 'FORBIDDEN', ...origin, count: 1 };
    expect(await entries()).toMatchObject([
      { ...told, action: 'deleteDevice', permission: 'device:delete', reason: 'r' },
      { ...told, action: 'device', permission: 'device:read', targets: [{ deviceId: 'd' }] },
    ]);
  });

  test('are counted after the first, for a minute', async () => {
    await refuse('eve', '{ hubs { name } }', 500);
    clock.advance(60_000);
    await refuse('eve', '{ hubs { name } }');
    await audit.close();

    expect((await entries()).map(({ actor, count }) => [actor, count])).toEqual([
      ['eve', 1],
      ['eve', 499],
      ['eve', 1],
    ]);
  });

  test('of very many callers are counted together', async () => {
    for (let caller = 0; caller < 150; caller += 1)
      await refuse(`eve-${caller}`, '{ hubs { name } }');
    await audit.close();

    const told = await entries();
    expect(told).toHaveLength(102);
    expect(told.at(-1)).toMatchObject({ actor: '*', action: '*', count: 49, outcome: 'REFUSED' });
  });

  test('to export, and to those whose grant is limited, are on record, too', async () => {
    const scope = { deviceId: { eq: 'd' } };
    const caller: Caller = {
      id: 'tenant',
      grants: [{ permissions: new Set(['audit:read']), scope }],
    };
    await expect(audit.export({ caller, origin }, undefined)).rejects.toThrow('audit:read');
    await expect(audit.list(caller, {}, 1, undefined)).rejects.toThrow('audit:read');
    await audit.close();

    expect(await entries()).toMatchObject([{ actor: 'tenant', action: 'exportAudit' }]);
  });
});

test('what happens at once is put into few transactions, in order', async () => {
  const append = vi.spyOn(journal.audit, 'append');
  const act = {
    caller: { id: 'ada', grants: [] },
    origin: { requestId: 'r', address: 'a' },
    ...{ permission: 'key:read', targets: [], operationId: null, input: null, reason: null },
  };
  const actions = Array.from({ length: 300 }, (_, index) => `read-${index}`);
  await Promise.all(actions.map((action) => audit.disclose({ ...act, action }, async () => 1)));

  expect((await entries()).map(({ action }) => action)).toEqual(actions);
  expect(append.mock.calls.length).toBeLessThan(5);
});

test('a mutation of which nobody could say what it was done to is refused at start-up', async () => {
  const { buildSchema } = await import('graphql');
  const { putOnRecord } = await import('../../src/resolvers/on-record.js');
  const schema = buildSchema('type Query { a: Int } type Mutation { reset(hard: Boolean): Int }');
  expect(() => putOnRecord(schema)).toThrow(
    'mutations that name no device and no operation: reset',
  );
});

describe('anchors', () => {
  test('are written when the head moved, at intervals and at the end', async () => {
    const file = join(folder.path, 'elsewhere', 'anchors.jsonl');
    const told: number[] = [];
    let sequence = 0;
    const anchors = new Anchors({
      head: async () => ({ sequence, hash: 'a'.repeat(64) }),
      file,
      clock,
      onAnchor: (head) => told.push(head.sequence),
      onError: () => told.push(-1),
    });
    await anchors.start();
    for (sequence of [7, 7, 9]) {
      await clock.scheduled();
      clock.advance(30_000);
      await vi.waitFor(() => expect(clock.pending).toHaveLength(1));
    }
    sequence = 10;
    await anchors.close();

    expect(told).toEqual([0, 7, 9, 10]);
    const lines = parseAnchors(await readFile(file, 'utf8'));
    expect(lines.map((head) => head.sequence)).toEqual(told);
    expect(clock.pending).toEqual([]);
  });

  test('that cannot be written are told of, and tried again', async () => {
    const told: string[] = [];
    await writeFile(join(folder.path, 'taken'), '');
    const anchors = new Anchors({
      head: async () => ({ sequence: 1, hash: 'a'.repeat(64) }),
      file: join(folder.path, 'taken', 'anchors.jsonl'),
      clock,
      onAnchor: () => told.push('anchored'),
      onError: () => told.push('failed'),
    });
    await anchors.start();
    await anchors.close();
    expect(told).toEqual(['failed', 'failed']);
  });

  test('are read from a log, too', () => {
    const hash = 'b'.repeat(64);
    const log = [
      '{"level":30,"msg":"x"}',
      JSON.stringify({ sequence: 3, hash, msg: 'head' }),
      'x',
      'null',
    ];
    expect(parseAnchors(log.join('\n'))).toEqual([{ sequence: 3, hash }]);
  });
});
