import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import { type CallFilter, operations } from '../calls.js';
import { hubError } from '../errors.js';
import { exportState, importState, resetHub } from '../export.js';
import type { Fault } from '../faults.js';
import type { Hub } from '../hub/hub.js';
import { formatAnnotations, formatSystemProperties, type HubEvent } from '../hub/hub-event.js';
import { type JsonObject, type JsonValue, parseJson } from '../json.js';
import { type Reply, replyEmpty, replyJson } from './reply.js';
import { parseTarget, type RequestTarget, readBody } from './request.js';
import { refuseStrangers } from './strangers.js';

/**
 * What no hub has: the emulator's own controls, for tests in any language. They need no token,
 * but a page in a browser is refused, as everywhere.
 *
 *     GET    /$emulator/calls?operation=&deviceId=    {"count": n, "calls": [...]}
 *     DELETE /$emulator/calls                         204
 *     GET    /$emulator/events?deviceId=             {"events": [...]}
 *     DELETE /$emulator/events                        204
 *     POST   /$emulator/faults                        a Fault -> 200 {"faultId": "..."}
 *     DELETE /$emulator/faults[/{faultId}]            204
 *     GET    /$emulator/state                         an export
 *     PUT    /$emulator/state                         an export -> 204
 *     DELETE /$emulator/state                         204, a hub as on its first start
 *     POST   /$emulator/devices/{id}/disconnect       204
 *     POST   /$emulator/devices/{id}/stall            204
 */
const prefix = '/$emulator/';

interface Control {
  readonly hub: Hub;
  readonly target: RequestTarget;
  readonly body: JsonValue | undefined;
}

const operation = z.enum(operations);
const when = z.enum(['before', 'after']).optional();

const fault = z.strictObject({
  operation: operation.optional(),
  deviceId: z.string().optional(),
  times: z.int().positive().optional(),
  effect: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('delay'), ms: z.number().min(0).max(3_600_000), when }),
    z.strictObject({ kind: z.literal('hang'), when }),
    z.strictObject({ kind: z.literal('reset'), when }),
    z.strictObject({
      kind: z.literal('status'),
      status: z.int().min(400).max(599),
      code: z.string(),
      message: z.string().optional(),
    }),
    z.strictObject({ kind: z.literal('throttle') }),
    z.strictObject({ kind: z.literal('truncate') }),
    z.strictObject({ kind: z.literal('split') }),
    z.strictObject({
      kind: z.literal('lie'),
      body: z.string(),
      contentType: z.string().optional(),
    }),
  ]),
});

const callFilter = z.object({ operation: operation.optional(), deviceId: z.string().optional() });

const eventFilter = z.object({ deviceId: z.string().optional() });

const handlers: Readonly<Record<string, (control: Control) => Reply>> = {
  'GET calls': readCalls,
  'DELETE calls': ({ hub }) => done(() => hub.calls.clear()),
  'GET events': readEvents,
  'DELETE events': ({ hub }) => done(() => hub.events.clear()),
  'POST faults': addFault,
  'DELETE faults': removeFaults,
  'GET state': ({ hub }) => replyJson(exportState(hub)),
  'PUT state': ({ hub, body }) => done(() => importState(hub, body ?? null)),
  'DELETE state': ({ hub }) => done(() => resetHub(hub)),
  'POST devices': commandDevice,
};

export function isControlRequest({ url }: IncomingMessage): boolean {
  return url?.startsWith(prefix) === true || url?.startsWith('/%24emulator/') === true;
}

/** Answers a control request, or throws the error that says what is wrong with it. */
export async function answerControlRequest(hub: Hub, request: IncomingMessage): Promise<Reply> {
  refuseStrangers(hub.hostNames, request);
  const target = parseTarget(request);
  const handle = handlers[`${target.method} ${target.segments[1] ?? ''}`];
  if (handle === undefined) throw hubError('ResourceNotFound', 'There is no such control.');
  const text = (await readBody(request)).toString('utf8');
  const body = text === '' ? undefined : parseJson(text);
  if (text !== '' && body === undefined) throw invalid('The body is not JSON.');
  try {
    return handle({ hub, target, body });
  } catch (error) {
    if (error instanceof z.ZodError) throw invalid(z.prettifyError(error));
    throw error;
  }
}

function readCalls({ hub, target }: Control): Reply {
  const filter = withoutUndefined(callFilter.parse(Object.fromEntries(target.query)));
  const calls = hub.calls.list(filter as CallFilter).map((call) => ({
    operation: call.operation,
    deviceId: call.deviceId ?? null,
    moduleId: call.moduleId ?? null,
    status: call.status ?? null,
    requestId: call.requestId ?? null,
    at: call.at.toISOString(),
  }));
  return replyJson({ count: hub.calls.count(filter as CallFilter), calls });
}

function readEvents({ hub, target }: Control): Reply {
  const filter = withoutUndefined(eventFilter.parse(Object.fromEntries(target.query)));
  return replyJson({ events: hub.events.list(filter).map(formatEvent) });
}

/** A body that is no text is told in base64 alone. */
function formatEvent(event: HubEvent): JsonObject {
  const { origin, message } = event;
  return {
    deviceId: origin.deviceId,
    moduleId: origin.moduleId ?? null,
    partition: event.partition,
    sequenceNumber: event.sequenceNumber,
    enqueuedAt: new Date(event.enqueuedAtMs).toISOString(),
    properties: { ...message.properties },
    systemProperties: { ...formatSystemProperties(event) },
    annotations: { ...formatAnnotations(event) },
    body: isUtf8(message.body) ? message.body.toString('utf8') : null,
    bodyBase64: message.body.toString('base64'),
  };
}

function addFault({ hub, body }: Control): Reply {
  const faultId = hub.faults.addNamed(withoutUndefined(fault.parse(body)) as Fault);
  return replyJson({ faultId });
}

function removeFaults({ hub, target }: Control): Reply {
  const faultId = target.segments[2];
  if (faultId === undefined) hub.faults.clear();
  else if (!hub.faults.remove(faultId)) {
    throw hubError('ResourceNotFound', 'There is no such fault, or it has spent itself.');
  }
  return replyEmpty(204);
}

function commandDevice({ hub, target }: Control): Reply {
  const [, , deviceId = '', command] = target.segments;
  const device = hub.registry.get({ deviceId });
  if (command === 'disconnect') return done(() => hub.links.disconnect(device));
  if (command === 'stall') return done(() => device.link?.stall());
  throw hubError('ResourceNotFound', 'A device can be told to disconnect or to stall.');
}

function done(act: () => void): Reply {
  act();
  return replyEmpty(204);
}

/** What a request leaves out is absent, not undefined. */
function withoutUndefined(value: object): object {
  return Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== undefined));
}

function invalid(message: string): Error {
  return hubError('ArgumentInvalid', message);
}
