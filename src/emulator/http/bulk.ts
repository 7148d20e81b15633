import { type BulkFailure, writeInBulk } from '../hub/bulk.js';
import type { JsonObject } from '../json.js';
import { type Reply, replyJson } from './reply.js';
import { type RequestContext, readJson } from './request.js';

/** 200 when all of it could be done, else 400; the body has the same shape either way. */
export function writeDevices(context: RequestContext): Reply {
  const failures = writeInBulk(context.hub, readJson(context));
  const reply = replyJson({
    isSuccessful: failures.length === 0,
    errors: failures.map(formatFailure),
    warnings: [],
  });
  return failures.length === 0 ? reply : { ...reply, status: 400 };
}

function formatFailure({ deviceId, moduleId, error }: BulkFailure): JsonObject {
  return {
    deviceId,
    moduleId,
    errorCode: error.number,
    errorStatus: error.name,
    operation: null,
  };
}
