import type { IncomingMessage } from 'node:http';
import type { Authorize } from '../authorize.js';
import type { CallTarget, Operation } from '../calls.js';
import { delay } from '../clock.js';
import { HubError, hubError } from '../errors.js';
import { type Exchange, performExchange } from '../faults.js';
import type { Hub } from '../hub/hub.js';
import { answerControlRequest, isControlRequest } from './control.js';
import { type Envelope, type Reply, replyError } from './reply.js';
import { hasBody, noBody, parseTarget, type RequestTarget, readBody } from './request.js';
import { findRoute, type RouteMatch } from './routes.js';
import { type Outlet, sendHalf, sendReply, sendSplit } from './send.js';
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
  return performExchange(context.hub.faults.take(call), exchange, context.hub.clock);
}

function routeRequest(hub: Hub, request: IncomingMessage): RoutedRequest {
  refuseStrangers(hub.hostNames, request);
  const target = parseTarget(request);
  const { route, params } = findRoute(target);
  return { request, target, route, params };
}

function createExchange(
  context: HttpContext,
  routed: RoutedRequest,
  { call, outlet }: { readonly call: CallTarget; readonly outlet: Outlet },
): Exchange<Reply> {
  const { hub } = context;
  const note = hub.calls.record(call, hub.clock.now());
  const finish = (reply: Reply) => {
    note(reply.status);
    return reply;
  };
  return {
    process() {
      const reply = processRequest(context, routed, call.operation);
      return reply instanceof Promise ? reply.then(finish) : finish(reply);
    },
    refuse: (error) => finish(replyError(error, routed.route.envelope, hub)),
    send: (reply) => sendReply(outlet, reply),
    sendHalf: (reply) => sendHalf(outlet, reply),
    sendSplit: (reply) => sendSplit(outlet, reply, hub.clock),
    sendInstead: (_reply, body, contentType) =>
      sendReply(outlet, { status: 200, headers: {}, body, contentType }),
    reset: () => outlet.reset(),
  };
}

/** What need not wait is answered in the turn it came in: promises would take longer than answering it. */
function processRequest(
  context: HttpContext,
  routed: RoutedRequest,
  operation: Operation,
): Reply | Promise<Reply> {
  const { hub } = context;
  const { request, target, route } = routed;
  const { headers } = request;
  let waitMs: number;
  try {
    checkApiVersion(target);
    context.authorize(headers.authorization, target.segments, route.right);
    waitMs = hub.throttles.admit(operation, Number(headers['content-length'] ?? 0));
  } catch (error) {
    return toRefusal(hub, error, isQuotaExceeded(error) ? 'nested' : 'plain');
  }
  return waitMs === 0 && !hasBody(request)
    ? handleRequest(hub, routed, { operation, body: noBody })
    : handleLater(hub, routed, { operation, waitMs });
}

async function handleLater(
  hub: Hub,
  routed: RoutedRequest,
  { operation, waitMs }: { readonly operation: Operation; readonly waitMs: number },
): Promise<Reply> {
  if (waitMs > 0) await delay(hub.clock, waitMs);
  let body: Buffer;
  try {
    body = await readBody(routed.request);
  } catch (error) {
    return toRefusal(hub, error, routed.route.envelope);
  }
  return handleRequest(hub, routed, { operation, body });
}

function handleRequest(
  hub: Hub,
  { request, target, route, params }: RoutedRequest,
  { operation, body }: { readonly operation: Operation; readonly body: Buffer },
): Reply | Promise<Reply> {
  const charge = (reply: Reply): Reply => {
    hub.throttles.charge(operation, { received: body.length, sent: reply.body.length });
    return reply;
  };
  const refuse = (error: unknown) => toRefusal(hub, error, route.envelope);
  try {
    const { headers } = request;
    const reply = route.handle({ hub, params, query: target.query, headers, body });
    return reply instanceof Promise ? reply.then(charge).catch(refuse) : charge(reply);
  } catch (error) {
    return refuse(error);
  }
}

/** The newer envelope inside the older one: so users of hubs have shown it. */
function isQuotaExceeded(error: unknown): boolean {
  return error instanceof HubError && error.name === 'IotHubQuotaExceeded';
}

/** Any dated version is taken: what the emulator has of the API did not change between them. */
function checkApiVersion(target: RequestTarget): void {
  if (!/^\d{4}-\d{2}-\d{2}(?:-preview)?$/.test(target.query.get('api-version') ?? '')) {
    throw hubError('InvalidProtocolVersion', 'The api-version is missing or is not a version.');
  }
}

function describeCall({ request, route, params }: RoutedRequest): CallTarget {
  const { 'request-id': requestId } = request.headers;
  return {
    operation:
      typeof route.operation === 'string' ? route.operation : route.operation(request.headers),
    deviceId: params['deviceId'],
    moduleId: params['moduleId'],
    requestId: Array.isArray(requestId) ? requestId[0] : requestId,
  };
}

function toRefusal(hub: Hub, error: unknown, envelope: Envelope = 'plain'): Reply {
  if (error instanceof HubError) return replyError(error, envelope, hub);
  throw error;
}
