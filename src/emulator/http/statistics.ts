import { type Reply, replyJson } from './reply.js';
import type { RequestContext } from './request.js';

export function getDeviceStatistics(context: RequestContext): Reply {
  const devices = [...context.hub.registry.devices.values()];
  const disabled = devices.filter((device) => device.state.status === 'disabled').length;
  return replyJson({
    totalDeviceCount: devices.length,
    enabledDeviceCount: devices.length - disabled,
    disabledDeviceCount: disabled,
  });
}

export function getServiceStatistics(context: RequestContext): Reply {
  const devices = [...context.hub.registry.devices.values()];
  return replyJson({
    connectedDeviceCount: devices.filter((device) => device.link !== undefined).length,
  });
}
