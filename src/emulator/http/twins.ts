import { formatTwinEtag, type Identity } from '../hub/identity.js';
import { readIfMatch } from './devices.js';
import { quoteEtag, type Reply, replyJson } from './reply.js';
import { type RequestContext, readJson, readParam } from './request.js';

export function getTwin(context: RequestContext): Reply {
  return replyTwin(findIdentity(context));
}

export function patchTwin(context: RequestContext): Reply {
  const identity = findIdentity(context);
  context.hub.twins.patch(identity, readJson(context), readIfMatch(context));
  return replyTwin(identity);
}

export function replaceTwin(context: RequestContext): Reply {
  const identity = findIdentity(context);
  context.hub.twins.replace(identity, readJson(context), readIfMatch(context));
  return replyTwin(identity);
}

function findIdentity(context: RequestContext): Identity {
  return context.hub.registry.get(readParam(context, 'deviceId'));
}

function replyTwin(identity: Identity): Reply {
  return replyJson(identity.twinDocument, quoteEtag(formatTwinEtag(identity.state.twin.etag)));
}
