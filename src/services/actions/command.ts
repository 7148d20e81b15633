import { badInput } from '../errors.js';
import type { DesiredWrite, MethodCall } from '../hub/hub.js';
import type { DeviceMessage } from '../hub/message.js';
import { isJsonObject, type JsonValue, valueAt } from '../json.js';
import type { Condition } from './conditions.js';
import type { ExpectedEvidence } from './evidence.js';
import { checkPayload } from './payload.js';
import type { ActionProfile, Command, MessageCommand } from './profile.js';

/** What an operation sends to its device, once. */
export type OperationCall =
  /** Journals of the time when there was nothing else name no kind. */
  | (MethodCall & { readonly kind?: 'METHOD' })
  | (DesiredWrite & { readonly kind: 'DESIRED' })
  | (DeviceMessage & { readonly kind: 'MESSAGE' });

/** What a caller asks of a command. */
export interface CallTerms {
  readonly payload?: JsonValue | undefined;
  readonly responseTimeoutSeconds?: number | undefined;
  readonly connectTimeoutSeconds?: number | undefined;
  readonly moduleId?: string | undefined;
  /** Of a command that sends one. */
  readonly message?: DeviceMessage | undefined;
}

/**
 * What is sent for an operation of this id, and what is then to be seen.
 * Throws RequestError for a payload or a term that the profile does not take.
 */
export function composeCall(
  { command, payload: schema, evidence }: ActionProfile<Command | MessageCommand>,
  terms: CallTerms,
  operationId: string,
): { call: OperationCall; expected: ExpectedEvidence | null } {
  if (command.kind === 'MESSAGE') return { call: messageOf(terms), expected: null };
  const payload = terms.payload === undefined ? defaultPayload(command) : terms.payload;
  checkPayload(schema, payload);
  const expected = evidence ? bound(evidence, payload) : null;
  const sent = withOperationId(payload, command.operationIdKey, operationId);
  return { call: callOf(command, terms, sent), expected };
}

/** The payload of a call as its caller gave it. */
export function givenPayload(
  call: Exclude<OperationCall, { kind: 'MESSAGE' }>,
  command: Command,
): JsonValue {
  const payload = call.kind === 'DESIRED' ? call.value : call.payload;
  if (command.operationIdKey === undefined || !isJsonObject(payload)) return payload;
  const { [command.operationIdKey]: _, ...given } = payload;
  return given;
}

/** How a call is named to people. */
export function describeCall(call: OperationCall): string {
  if (call.kind === 'MESSAGE') return 'a message';
  const what =
    call.kind === 'DESIRED' ? `desired property ${call.path.join('.')}` : `method ${call.name}`;
  return `${what}${call.moduleId === undefined ? '' : ` of module ${call.moduleId}`}`;
}

function messageOf({ message }: CallTerms): OperationCall {
  if (message) return { kind: 'MESSAGE', ...message };
  throw badInput('message', 'it is missing');
}

function callOf(command: Command, terms: CallTerms, payload: JsonValue): OperationCall {
  const { moduleId = command.moduleId } = terms;
  const addressee = moduleId === undefined ? {} : { moduleId };
  if (command.kind === 'DESIRED') {
    for (const term of ['responseTimeoutSeconds', 'connectTimeoutSeconds'] as const) {
      if (terms[term] === undefined) continue;
      throw badInput(
        term,
        'this profile writes a desired property: there is no answer to wait for',
      );
    }
    return { kind: 'DESIRED', path: command.path, value: payload, ...addressee };
  }
  const responseTimeoutSeconds = terms.responseTimeoutSeconds ?? command.responseTimeoutSeconds;
  const connectTimeoutSeconds = terms.connectTimeoutSeconds ?? command.connectTimeoutSeconds;
  return {
    kind: 'METHOD',
    name: command.name,
    payload,
    responseTimeoutSeconds,
    connectTimeoutSeconds: Math.min(connectTimeoutSeconds, responseTimeoutSeconds),
    ...addressee,
  };
}

function defaultPayload(command: Command): JsonValue {
  if (command.defaultPayload !== undefined) return command.defaultPayload;
  if (command.kind === 'METHOD') return null;
  throw badInput('payload', 'this profile writes it to a desired property; expected a value');
}

function withOperationId(payload: JsonValue, key: string | undefined, id: string): JsonValue {
  if (key === undefined) return payload;
  const object = payload ?? {};
  if (!isJsonObject(object)) {
    throw badInput('payload', `this profile adds '${key}' to it; expected an object`);
  }
  return { ...object, [key]: id };
}

/** The evidence with the payload's values put in where conditions ask for them. */
function bound(evidence: ExpectedEvidence, payload: JsonValue): ExpectedEvidence {
  const { success, failure, ...rest } = evidence;
  return {
    ...rest,
    ...(success && { success: success.map((condition) => boundCondition(condition, payload)) }),
    ...(failure && { failure: failure.map((condition) => boundCondition(condition, payload)) }),
  };
}

function boundCondition({ eqPayload, ...condition }: Condition, payload: JsonValue): Condition {
  if (eqPayload === undefined) return condition;
  const eq = valueAt(payload, eqPayload);
  if (eq !== undefined) return { ...condition, eq };
  const path = ['payload', ...eqPayload].join('.');
  throw badInput(path, 'it is missing, and what the device reports is compared with it');
}
