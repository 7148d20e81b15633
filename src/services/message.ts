import type { Caller } from './access.js';
import { SEND_MESSAGE } from './actions/action-names.js';
import type { ActionProfile, MessageCommand } from './actions/profile.js';
import type { DeviceService } from './device.js';
import { badInput } from './errors.js';
import { bytesOf, type DeviceMessage, type MessageBody } from './hub/message.js';
import type { JsonValue } from './json.js';
import type { OperationService, Started } from './operation.js';

/** A message as a caller asks for it: of the three bodies one is given. */
export interface MessageInput {
  readonly deviceId: string;
  readonly body: {
    readonly text?: string | undefined;
    readonly json?: JsonValue | undefined;
    readonly base64?: string | undefined;
  };
  readonly contentType?: string | undefined;
  readonly contentEncoding?: string | undefined;
  readonly correlationId?: string | undefined;
  readonly properties?: readonly { readonly name: string; readonly value: string }[] | undefined;
  readonly timeToLiveSeconds?: number | undefined;
  readonly idempotencyKey?: string | undefined;
}

export interface MessageServiceOptions {
  readonly devices: DeviceService;
  readonly operations: OperationService;
}

/** "Send cloud-to-device messages from IoT Hub", as in the protocol §5. */
const LARGEST_MESSAGE = 64 * 1024;
const LONGEST_LIFE = 172_800;
const DEFAULT_LIFE = 3_600;

/** The convention of messages: there is but one. */
export const messageProfile: ActionProfile<MessageCommand> = {
  name: 'message',
  action: SEND_MESSAGE,
  disturbing: false,
  command: { kind: 'MESSAGE' },
  // The message's own life is its deadline.
  deadlineSeconds: 0,
};

/** Sends cloud-to-device messages: operations that the hub's feedback proves. */
export class MessageService {
  readonly #options: MessageServiceOptions;

  constructor(options: MessageServiceOptions) {
    this.#options = options;
  }

  /** Records it and returns; see OperationService.start. */
  async send(caller: Caller, input: MessageInput): Promise<Started> {
    const { deviceId, idempotencyKey } = input;
    const device = this.#options.devices.parseId(deviceId, 'deviceId');
    return this.#options.operations.start(caller, 'message:send', {
      action: SEND_MESSAGE,
      device,
      ownProfile: messageProfile,
      message: parseMessage(input),
      idempotencyKey,
    });
  }
}

/** Throws RequestError naming what IoT Hub would refuse, or not carry as it is. */
function parseMessage(input: MessageInput): DeviceMessage {
  const body = parseBody(input.body);
  const { correlationId, timeToLiveSeconds = DEFAULT_LIFE } = input;
  const { contentType, contentEncoding } = { ...defaultsOf(body), ...input };
  checkText('contentType', contentType);
  checkText('contentEncoding', contentEncoding);
  checkText('correlationId', correlationId);
  if (timeToLiveSeconds < 1 || timeToLiveSeconds > LONGEST_LIFE) {
    throw badInput(
      'timeToLiveSeconds',
      `${timeToLiveSeconds}; expected 1 to ${LONGEST_LIFE} seconds`,
    );
  }
  const properties = parseProperties(input.properties ?? []);
  const size = sizeOf(body, [contentType, contentEncoding, correlationId], properties);
  if (size > LARGEST_MESSAGE) {
    throw badInput(
      'body',
      `with its properties it is ${size} bytes; expected at most ${LARGEST_MESSAGE}`,
    );
  }
  return {
    body,
    properties,
    timeToLiveSeconds,
    ...(contentType !== undefined && { contentType }),
    ...(contentEncoding !== undefined && { contentEncoding }),
    ...(correlationId !== undefined && { correlationId }),
  };
}

function parseBody({ text, json, base64 }: MessageInput['body']): MessageBody {
  const given = [text, json, base64].filter((one) => one !== undefined);
  if (given.length !== 1) throw badInput('body', 'expected exactly one of text, json, base64');
  if (text !== undefined) return { text };
  if (json !== undefined) return { json };
  if (base64 !== undefined && isBase64(base64)) return { base64 };
  throw badInput('body.base64', 'expected base64');
}

function isBase64(text: string): boolean {
  return Buffer.from(text, 'base64').toString('base64') === text;
}

function defaultsOf(body: MessageBody): Pick<DeviceMessage, 'contentType' | 'contentEncoding'> {
  if ('base64' in body) return {};
  return {
    contentType: 'text' in body ? 'text/plain' : 'application/json',
    contentEncoding: 'utf-8',
  };
}

function checkText(argument: string, text: string | undefined): void {
  if (text === undefined || /^[\x20-\x7e]{1,128}$/.test(text)) return;
  throw badInput(argument, 'expected 1 to 128 printable ASCII characters');
}

/** The hub takes some names as its own: `iothub-ack` would turn feedback off. */
function parseProperties(
  list: readonly { readonly name: string; readonly value: string }[],
): Readonly<Record<string, string>> {
  const names = new Set<string>();
  for (const [index, { name, value }] of list.entries()) {
    const place = `properties[${index}]`;
    if (!/^(?!\$|iothub-)[\x20-\x7e]{1,128}$/i.test(name)) {
      throw badInput(
        `${place}.name`,
        'expected 1 to 128 printable ASCII characters that do not begin with $ or iothub-',
      );
    }
    if (names.has(name)) throw badInput(`${place}.name`, 'there is one of that name already');
    if (value.includes('\0')) throw badInput(`${place}.value`, 'expected no NUL');
    names.add(name);
  }
  return Object.fromEntries(list.map(({ name, value }) => [name, value]));
}

function sizeOf(
  body: MessageBody,
  system: readonly (string | undefined)[],
  properties: Readonly<Record<string, string>>,
): number {
  const texts = [...system, ...Object.entries(properties).flat()];
  const beside = texts.reduce((sum, text) => sum + Buffer.byteLength(text ?? ''), 0);
  return bytesOf(body).length + beside;
}
