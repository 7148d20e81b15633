import { hubError } from '../errors.js';
import type { IdentityName } from '../hub/identity.js';
import { formatIdentity, formatIdentityEtag, type Identity } from '../hub/identity.js';
import { parseDeviceSettings } from '../hub/identity-settings.js';
import { type IfMatch, parseIfMatch } from '../hub/if-match.js';
import { quoteEtag, type Reply, replyEmpty, replyJson } from './reply.js';
import { type RequestContext, readHeader, readJson, readParam } from './request.js';

const maxListed = 1000;

export function listDevices(context: RequestContext): Reply {
  const top = readTop(context.query.get('top'));
  const listed = [...context.hub.registry.devices.values()].slice(0, top);
  return replyJson(listed.map(formatIdentity));
}

export function getDevice(context: RequestContext): Reply {
  return replyIdentity(context.hub.registry.get(readName(context)));
}

/** Without If-Match a PUT creates, and only that; with it, it updates, and only that. Both answer 200. */
export function putDevice(context: RequestContext): Reply {
  const name = readName(context);
  const condition = readIfMatch(context);
  const { registry } = context.hub;
  if (condition.kind !== 'none') registry.get(name);
  const settings = parseDeviceSettings(readJson(context), name.deviceId);
  return replyIdentity(
    condition.kind === 'none'
      ? registry.create(name, settings)
      : registry.update(name, settings, condition),
  );
}

export function deleteDevice(context: RequestContext): Reply {
  context.hub.registry.delete(readName(context), readIfMatch(context));
  return replyEmpty(204);
}

/** The identity that the path names. */
export function readName(context: RequestContext): IdentityName {
  return { deviceId: readParam(context, 'deviceId'), moduleId: context.params['moduleId'] };
}

export function readIfMatch(context: RequestContext): IfMatch {
  return parseIfMatch(readHeader(context, 'if-match'));
}

export function replyIdentity(identity: Identity): Reply {
  return replyJson(formatIdentity(identity), quoteEtag(formatIdentityEtag(identity.state.etag)));
}

function readTop(text: string | null): number {
  if (text === null) return maxListed;
  if (!/^\d{1,6}$/.test(text) || Number(text) === 0) {
    throw hubError('ArgumentInvalid', 'top is not a positive number.');
  }
  return Math.min(Number(text), maxListed);
}
