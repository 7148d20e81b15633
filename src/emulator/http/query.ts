import { hubError } from '../errors.js';
import { getOwn, isJsonObject } from '../json.js';
import { type Reply, replyJson } from './reply.js';
import { type RequestContext, readHeader, readJson } from './request.js';

const maxPageSize = 100;

/** The items come as a bare array; what they are, and where the next page starts, is in the headers. */
export function runQuery(context: RequestContext): Reply {
  const body = readJson(context);
  const text = isJsonObject(body) ? getOwn(body, 'query') : undefined;
  if (typeof text !== 'string') throw hubError('ArgumentInvalid', 'BadRequest');
  const page = context.hub.queries.run(text, {
    pageSize: readPageSize(readHeader(context, 'x-ms-max-item-count')),
    continuation: readHeader(context, 'x-ms-continuation') || undefined,
  });
  return replyJson(page.items, {
    'x-ms-item-type': page.itemType,
    // Its mere presence says that there is more.
    ...(page.continuation === undefined ? {} : { 'x-ms-continuation': page.continuation }),
  });
}

/** Throws the hub's 400 for what is no size, and gives at most the largest page. */
export function readPageSize(header: string | undefined): number {
  if (header === undefined || header === '') return maxPageSize;
  if (!/^\d{1,9}$/.test(header) || Number(header) === 0) {
    throw hubError('ArgumentInvalid', 'x-ms-max-item-count is not a positive number.');
  }
  return Math.min(Number(header), maxPageSize);
}
