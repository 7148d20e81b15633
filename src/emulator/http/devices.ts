import { hubError } from '../errors.js';
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
  return replyIdentity(context.hub.registry.get(readParam(context, 'deviceId')));
}

/** Without If-Match a PUT creates, and only that; with it, it updates, and only that. Both answer 200. */
export function putDevice(context: RequestContext): Reply {
  const deviceId = readParam(context, 'deviceId');
  const condition = readIfMatch(context);
  const { registry } = context.hub;
  if (condition.kind !== 'none') registry.get(deviceId);
  const settings = parseDeviceSettings(readJson(context), deviceId);
  return replyIdentity(
    condition.kind === 'none'
      ? registry.create(deviceId, settings)
      : registry.update(deviceId, settings, condition),
  );
}

export function deleteDevice(context: RequestContext): Reply {
  context.hub.registry.delete(readParam(context, 'deviceId'), readIfMatch(context));
  return replyEmpty(204);
}

export function readIfMatch(context: RequestContext): IfMatch {
  return parseIfMatch(readHeader(context, 'if-match'));
}

function replyIdentity(identity: Identity): Reply {
  return replyJson(formatIdentity(identity), quoteEtag(formatIdentityEtag(identity.state.etag)));
}

function readTop(text: string | null): number {
  if (text === null) return maxListed;
  if (!/^\d{1,6}$/.test(text) || Number(text) === 0) {
    throw hubError('ArgumentInvalid', 'top is not a positive number.');
  }
  return Math.min(Number(text), maxListed);
}
