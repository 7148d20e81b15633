import { hubError } from '../errors.js';
import type { IdentityName } from '../hub/identity.js';
import { formatTwinEtag, type Identity } from '../hub/identity.js';
import type { Registry } from '../hub/registry.js';
import { readIfMatch, readName } from './devices.js';
import { quoteEtag, type Reply, replyText } from './reply.js';
import { type RequestContext, readJson } from './request.js';

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
  return findTwin(context.hub.registry, readName(context));
}

/** Whatever is missing, the hub speaks of the device. */
export function findTwin(registry: Registry, name: IdentityName): Identity {
  const identity = registry.find(name);
  if (identity !== undefined) return identity;
  throw hubError('DeviceNotFound', formatName(name));
}

function formatName({ deviceId, moduleId }: IdentityName): string {
  return moduleId === undefined ? deviceId : `${deviceId}/${moduleId}`;
}

function replyTwin(identity: Identity): Reply {
  return replyText(identity.twinText, quoteEtag(formatTwinEtag(identity.state.twin.etag)));
}
