import { createHash, randomUUID } from 'node:crypto';
import { hubError } from '../errors.js';
import type { JsonObject, JsonValue } from '../json.js';
import {
  type CompiledQuery,
  compileQuery,
  QuerySyntaxError,
  QueryTooLongError,
} from '../query/index.js';
import type { Jobs } from './jobs.js';
import type { QueryIndex } from './query-index.js';

export interface QueryPage {
  readonly itemType: CompiledQuery['itemType'];
  readonly items: readonly JsonValue[];
  /** Asks for the next page; absent on the last. */
  readonly continuation: string | undefined;
}

export interface QueryPaging {
  readonly pageSize: number;
  readonly continuation?: string | undefined;
}

/** Queries over the twins, in pages that all come from one moment. */
export interface Queries {
  run(text: string, paging: QueryPaging): QueryPage;
  close(): void;
}

/** Results of queries whose pages are still being read. Of abandoned ones only the newest are kept. */
const maxOpenResults = 64;

interface Cursor {
  readonly id: string;
  readonly queryHash: string;
  readonly offset: number;
}

export function createQueries(index: QueryIndex, jobs: Jobs): Queries {
  const openResults = new Map<string, readonly JsonValue[]>();

  function listRows(source: CompiledQuery['source']): Iterable<JsonObject> {
    switch (source) {
      case 'devices':
        return index.devices();
      case 'devices.modules':
        return index.modules();
      case 'devices.jobs':
        return jobs.rows();
    }
  }

  function keepOpen(id: string, results: readonly JsonValue[]): void {
    openResults.delete(id);
    openResults.set(id, results);
    const [oldest] = openResults.keys();
    if (openResults.size > maxOpenResults && oldest !== undefined) openResults.delete(oldest);
  }

  return {
    close: () => index.close(),
    run(text, { pageSize, continuation }) {
      const query = compile(text);
      const queryHash = hash(text);
      const cursor = readCursor(continuation, queryHash);
      const results = openResults.get(cursor.id) ?? query.run(listRows(query.source));
      const end = cursor.offset + pageSize;
      if (end < results.length) keepOpen(cursor.id, results);
      else openResults.delete(cursor.id);
      return {
        itemType: query.itemType,
        items: results.slice(cursor.offset, end),
        continuation: end < results.length ? writeCursor({ ...cursor, offset: end }) : undefined,
      };
    },
  };
}

function compile(text: string): CompiledQuery {
  try {
    return compileQuery(text);
  } catch (error) {
    if (error instanceof QueryTooLongError) throw hubError('PreconditionFailed', error.message);
    if (error instanceof QuerySyntaxError) throw hubError('ArgumentInvalid', 'BadRequest');
    throw error;
  }
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 16);
}

function writeCursor(cursor: Cursor): string {
  return Buffer.from(`${cursor.id}.${cursor.queryHash}.${cursor.offset}`).toString('base64');
}

function readCursor(continuation: string | undefined, queryHash: string): Cursor {
  if (continuation === undefined) return { id: randomUUID(), queryHash, offset: 0 };
  const [id = '', hashOfQuery, offset = ''] = Buffer.from(continuation, 'base64')
    .toString('latin1')
    .split('.');
  if (hashOfQuery !== queryHash || !/^\d{1,9}$/.test(offset)) {
    throw hubError('ArgumentInvalid', 'The continuation token is not one of this query.');
  }
  return { id, queryHash, offset: Number(offset) };
}
