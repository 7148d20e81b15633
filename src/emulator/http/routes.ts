import type { IncomingHttpHeaders } from 'node:http';
import type { Operation } from '../calls.js';
import { hubError } from '../errors.js';
import type { Right } from '../policies.js';
import { writeDevices } from './bulk.js';
import { deleteDevice, getDevice, listDevices, putDevice } from './devices.js';
import { abandonFeedback, completeFeedback, receiveFeedback } from './feedback.js';
import { cancelJob, createJob, getJob, queryJobs } from './jobs.js';
import { purgeMessages } from './messages.js';
import { invokeMethod } from './methods.js';
import { deleteModule, getModule, listModules, putModule } from './modules.js';
import { runQuery } from './query.js';
import type { Envelope, Reply } from './reply.js';
import type { RequestContext, RequestTarget } from './request.js';
import { getDeviceStatistics, getServiceStatistics } from './statistics.js';
import { getTwin, patchTwin, replaceTwin } from './twins.js';

export interface Route {
  readonly method: string;
  /** Segments; one that starts with `:` matches any and names it. */
  readonly path: readonly string[];
  readonly right: Right;
  readonly operation: Operation | ((headers: IncomingHttpHeaders) => Operation);
  readonly envelope: Envelope;
  readonly handle: (context: RequestContext) => Reply | Promise<Reply>;
}

export interface RouteMatch {
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
}

/** The service API, in the order of its reference. The first route that fits answers. */
const routes: readonly Route[] = [
  route('GET /devices', 'RegistryRead', 'device.list', listDevices),
  route('POST /devices', 'RegistryWrite', 'device.bulk', writeDevices),
  route('POST /devices/query', 'ServiceConnect', 'query', runQuery),
  route('GET /devices/:deviceId', 'RegistryRead', 'device.get', getDevice),
  route('PUT /devices/:deviceId', 'RegistryWrite', nameDevicePut, putDevice),
  route('DELETE /devices/:deviceId', 'RegistryWrite', 'device.delete', deleteDevice),
  route('GET /devices/:deviceId/modules', 'RegistryRead', 'module.list', listModules),
  route('GET /devices/:deviceId/modules/:moduleId', 'RegistryRead', 'module.get', getModule),
  route('PUT /devices/:deviceId/modules/:moduleId', 'RegistryWrite', nameModulePut, putModule),
  route(
    'DELETE /devices/:deviceId/modules/:moduleId',
    'RegistryWrite',
    'module.delete',
    deleteModule,
  ),
  route('GET /twins/:deviceId', 'ServiceConnect', 'twin.get', getTwin),
  route('PATCH /twins/:deviceId', 'ServiceConnect', 'twin.patch', patchTwin),
  route('PUT /twins/:deviceId', 'ServiceConnect', 'twin.replace', replaceTwin),
  route('GET /twins/:deviceId/modules/:moduleId', 'ServiceConnect', 'twin.get', getTwin),
  route('PATCH /twins/:deviceId/modules/:moduleId', 'ServiceConnect', 'twin.patch', patchTwin),
  route('PUT /twins/:deviceId/modules/:moduleId', 'ServiceConnect', 'twin.replace', replaceTwin),
  method('POST /twins/:deviceId/methods'),
  method('POST /twins/:deviceId/modules/:moduleId/methods'),
  route('DELETE /devices/:deviceId/commands', 'ServiceConnect', 'message.purge', purgeMessages),
  // The SDKs write the one, the guides the other.
  ...feedback('/messages/serviceBound/feedback'),
  ...feedback('/messages/servicebound/feedback'),
  route('PUT /jobs/v2/:jobId', 'ServiceConnect', 'job.create', createJob),
  route('GET /jobs/v2/query', 'ServiceConnect', 'job.query', queryJobs),
  route('GET /jobs/v2/:jobId', 'ServiceConnect', 'job.get', getJob),
  route('POST /jobs/v2/:jobId/cancel', 'ServiceConnect', 'job.cancel', cancelJob),
  route('GET /statistics/devices', 'RegistryRead', 'statistics.devices', getDeviceStatistics),
  route('GET /statistics/service', 'RegistryRead', 'statistics.service', getServiceStatistics),
];

/** The route for a target, or throws 404, or 405 when the path would take another method. */
export function findRoute(target: RequestTarget): RouteMatch {
  let fitsPath = false;
  for (const candidate of routes) {
    const params = matchPath(candidate.path, target.segments);
    if (params === undefined) continue;
    if (candidate.method === target.method) return { route: candidate, params };
    fitsPath = true;
  }
  throw fitsPath
    ? hubError('MethodNotAllowed', `The resource does not take ${target.method}.`)
    : hubError('ResourceNotFound', 'There is no such resource.');
}

function route(
  pattern: string,
  right: Right,
  operation: Route['operation'],
  handle: Route['handle'],
): Route {
  const [method = '', path = ''] = pattern.split(' ');
  return {
    method,
    path: path.slice(1).split('/'),
    right,
    operation,
    envelope: 'plain',
    handle,
  };
}

function method(pattern: string): Route {
  return {
    ...route(pattern, 'ServiceConnect', 'method.invoke', invokeMethod),
    envelope: 'nested',
  };
}

function feedback(path: string): readonly Route[] {
  return [
    route(`GET ${path}`, 'ServiceConnect', 'feedback.receive', receiveFeedback),
    route(`DELETE ${path}/:lockToken`, 'ServiceConnect', 'feedback.complete', completeFeedback),
    route(`POST ${path}/:lockToken/abandon`, 'ServiceConnect', 'feedback.abandon', abandonFeedback),
  ];
}

function matchPath(
  pattern: readonly string[],
  segments: readonly string[],
): Record<string, string> | undefined {
  if (pattern.length !== segments.length) return undefined;
  if (!pattern.every((expected, index) => isNamed(expected) || expected === segments[index])) {
    return undefined;
  }
  const params: Record<string, string> = {};
  pattern.forEach((expected, index) => {
    if (isNamed(expected)) params[expected.slice(1)] = segments[index] ?? '';
  });
  return params;
}

function isNamed(segment: string): boolean {
  return segment.startsWith(':');
}

function nameModulePut(headers: IncomingHttpHeaders): Operation {
  return headers['if-match'] === undefined ? 'module.create' : 'module.update';
}

function nameDevicePut(headers: IncomingHttpHeaders): Operation {
  return headers['if-match'] === undefined ? 'device.create' : 'device.update';
}
