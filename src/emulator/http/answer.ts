import type { IncomingMessage } from 'node:http';
import type { Authorize } from '../authorize.js';
import type { CallTarget, Operation } from '../calls.js';
import { delay } from '../clock.js';
import { HubError, hubError } from '../errors.js';
import { type Exchange, performExchange } from '../faults.js';
import type { Hub } from '../hub/hub.js';
import { answerControlRequest, isControlRequest } from './control.js';
import { type Envelope, type Reply, replyError } from './reply.js';
import { parseTarget, type RequestTarget, readBody } from './request.js';
import { findRoute, type RouteMatch } from './routes.js';
import { type Outlet, reset, sendHalf, sendReply, sendSplit } from './send.js';
import { refuseStrangers } from './strangers.js';

/** What every request meets. */
export interface HttpContext {
  readonly hub: Hub;
  readonly authorize: Authorize;
}

interface RoutedRequest extends RouteMatch {
  readonly request: IncomingMessage;
  readonly target: RequestTarget;
}

/** Answers one request of the service API, whatever is wrong with it. */
export async function answerRequest(
  context: HttpContext,
  request: IncomingMessage,
  outlet: Outlet,
): Promise<void> {
  let routed: RoutedRequest;
  try {
    if (isControlRequest(request)) {
      return sendReply(outlet, await answerControlRequest(context.hub, request));
    }
    routed = routeRequest(context.hub, request);
  } catch (error) {
    return sendReply(outlet, toRefusal(context.hub, error));
  }
  const call = describeCall(routed);
  const exchange = createExchange(context, routed, { call, outlet });
  await performExchange(context.hub.faults.take(call), exchange, context.hub.clock);
}

function routeRequest(hub: Hub, request: IncomingMessage): RoutedRequest {
  refuseStrangers(hub.hostNames, request);
  const target = parseTarget(request);
  return { request, target, ...findRoute(target) };
}

function createExchange(
  context: HttpContext,
  routed: RoutedRequest,
  { call, outlet }: { readonly call: CallTarget; readonly outlet: Outlet },
): Exchange<Reply> {
  const { hub } = context;
  const finish = hub.calls.record(call, hub.clock.now());
  return {
    async process() {
      const reply = await processRequest(context, routed, call.operation);
      finish(reply.status);
      return reply;
    },
    refuse(error) {
      finish(error.status);
      return replyError(error, routed.route.envelope, hub);
    },
    send: (reply) => sendReply(outlet, reply),
    sendHalf: (reply) => sendHalf(outlet, reply),
    sendSplit: (reply) => sendSplit(outlet, reply, hub.clock),
    reset: () => reset(outlet),
  };
}

async function processRequest(
  context: HttpContext,
  routed: RoutedRequest,
  operation: Operation,
): Promise<Reply> {
  const { hub } = context;
  const { request, target, route, params } = routed;
  const { headers } = request;
  try {
    checkApiVersion(target);
    context.authorize(headers.authorization, target.segments, route.right);
    const waitMs = hub.throttles.admit(operation, Number(headers['content-length'] ?? 0));
    if (waitMs > 0) await delay(hub.clock, waitMs);
  } catch (error) {
    return toRefusal(hub, error);
  }
  try {
    const body = await readBody(request);
    return await route.handle({ hub, params, query: target.query, headers, body });
  } catch (error) {
    return toRefusal(hub, error, route.envelope);
  }
}

/** Any dated version is taken: what the emulator has of the API did not change between them. */
function checkApiVersion(target: RequestTarget): void {
  if (!/^\d{4}-\d{2}-\d{2}(?:-preview)?$/.test(target.query.get('api-version') ?? '')) {
    throw hubError('InvalidProtocolVersion', 'The api-version is missing or is not a version.');
  }
}

function describeCall({ request, route, params }: RoutedRequest): CallTarget {
  return {
    operation:
      typeof route.operation === 'string' ? route.operation : route.operation(request.headers),
    deviceId: params['deviceId'],
    moduleId: params['moduleId'],
  };
}

function toRefusal(hub: Hub, error: unknown, envelope: Envelope = 'plain'): Reply {
  if (error instanceof HubError) return replyError(error, envelope, hub);
  throw error;
}
