import { hubError } from '../errors.js';
import { formatJob } from '../hub/job.js';
import { readPageSize } from './query.js';
import { type Reply, replyJson } from './reply.js';
import { type RequestContext, readHeader, readJson, readParam } from './request.js';

export function createJob(context: RequestContext): Reply {
  const job = context.hub.jobs.create(readParam(context, 'jobId'), readJson(context));
  return replyJson(formatJob(job));
}

/** Of a job it does not know the hub says just that, and 200. */
export function getJob(context: RequestContext): Reply {
  const job = context.hub.jobs.find(readParam(context, 'jobId'));
  return replyJson(job === undefined ? { type: 'unknown', status: 'unknown' } : formatJob(job));
}

export function cancelJob(context: RequestContext): Reply {
  return replyJson(formatJob(context.hub.jobs.cancel(readParam(context, 'jobId'))));
}

export function queryJobs(context: RequestContext): Reply {
  const type = readFilter(context, 'jobType');
  const status = readFilter(context, 'jobStatus');
  const found = context.hub.jobs
    .list()
    .map(formatJob)
    .filter((job) => isAmong(type, job['type']) && isAmong(status, job['status']));
  const offset = readOffset(readHeader(context, 'x-ms-continuation'));
  const end = offset + readPageSize(readHeader(context, 'x-ms-max-item-count'));
  return replyJson(found.slice(offset, end), {
    'x-ms-item-type': 'JobResponse',
    ...(end < found.length ? { 'x-ms-continuation': writeOffset(end) } : {}),
  });
}

/** SDKs send absent filters as empty or as the word undefined. */
function readFilter(context: RequestContext, name: string): string | undefined {
  const value = context.query.get(name);
  return value === null || value === '' || value === 'undefined' ? undefined : value.toLowerCase();
}

function isAmong(filter: string | undefined, value: unknown): boolean {
  return filter === undefined || String(value).toLowerCase() === filter;
}

function writeOffset(offset: number): string {
  return Buffer.from(`jobs.${offset}`).toString('base64');
}

function readOffset(continuation: string | undefined): number {
  if (continuation === undefined || continuation === '') return 0;
  const [, offset] = /^jobs\.(\d{1,9})$/.exec(
    Buffer.from(continuation, 'base64').toString('latin1'),
  ) ?? [undefined, undefined];
  if (offset === undefined) {
    throw hubError('ArgumentInvalid', 'The continuation token is not one of this query.');
  }
  return Number(offset);
}
