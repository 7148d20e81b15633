import { readName } from './devices.js';
import { type Reply, replyJson } from './reply.js';
import type { RequestContext } from './request.js';
import { findTwin } from './twins.js';

export function purgeMessages(context: RequestContext): Reply {
  const identity = findTwin(context.hub.registry, readName(context));
  return replyJson({
    totalMessagesPurged: context.hub.deviceBound.purge(identity),
    deviceId: identity.deviceId,
    moduleId: null,
  });
}
