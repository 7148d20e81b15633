import { parseMethodCall } from '../hub/method-call.js';
import { readName } from './devices.js';
import { type Reply, replyJson } from './reply.js';
import { type RequestContext, readJson } from './request.js';
import { findTwin } from './twins.js';

export async function invokeMethod(context: RequestContext): Promise<Reply> {
  const call = parseMethodCall(readJson(context));
  const identity = findTwin(context.hub.registry, readName(context));
  const { status, payload } = await context.hub.methods.invoke(identity, call);
  return replyJson({ status, payload });
}
