import { hubError } from '../errors.js';
import { formatIdentity } from '../hub/identity.js';
import { parseModuleSettings } from '../hub/identity-settings.js';
import { readIfMatch, readName, replyIdentity } from './devices.js';
import { type Reply, replyEmpty, replyJson } from './reply.js';
import { type RequestContext, readJson, readParam } from './request.js';

export function listModules(context: RequestContext): Reply {
  checkDevice(context);
  const modules = context.hub.registry.listModules(readParam(context, 'deviceId'));
  return replyJson(modules.map(formatIdentity));
}

export function getModule(context: RequestContext): Reply {
  checkDevice(context);
  return replyIdentity(context.hub.registry.get(readName(context)));
}

/** As for devices: If-Match makes it an update, its absence a creation. Both answer 200. */
export function putModule(context: RequestContext): Reply {
  checkDevice(context);
  const name = readName(context);
  const condition = readIfMatch(context);
  const { registry } = context.hub;
  if (condition.kind !== 'none') registry.get(name);
  const settings = parseModuleSettings(readJson(context), {
    deviceId: name.deviceId,
    moduleId: readParam(context, 'moduleId'),
  });
  return replyIdentity(
    condition.kind === 'none'
      ? registry.create(name, settings)
      : registry.update(name, settings, condition),
  );
}

export function deleteModule(context: RequestContext): Reply {
  checkDevice(context);
  context.hub.registry.delete(readName(context), readIfMatch(context));
  return replyEmpty(204);
}

/** Of the modules of a device that is missing or disabled the hub says 401, not 404. */
function checkDevice(context: RequestContext): void {
  const device = context.hub.registry.find({ deviceId: readParam(context, 'deviceId') });
  if (device?.state.status !== 'enabled') {
    throw hubError('IotHubUnauthorizedAccess', 'Unauthorized');
  }
}
