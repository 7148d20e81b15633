import type { JsonValue } from '../json.js';
import type { FeedbackHandler, FeedbackReceiver, OutgoingMessage } from './message.js';
import type { TwinReading } from './twin.js';

/** IoT Hub as the gateway sees it. One adapter speaks to the hub; nothing else knows its SDK. */
export interface Hub {
  /** The hub's short name: part of every `Device.id`, so it must not change. */
  readonly name: string;

  /** A point read: the twin as it is now. Throws HubError. */
  readTwin(deviceId: string, options?: ReadOptions): Promise<TwinReading>;

  /**
   * One page of a twin query. Results lag behind reality by seconds to minutes.
   * Throws HubError; INVALID with a continuation usually means that the continuation is too old.
   */
  queryTwins(sql: string, page: QueryPage): Promise<QueryResult>;

  /** As queryTwins, for queries whose rows are anything: counts, modules, selected properties. */
  queryRows(sql: string, page: QueryPage): Promise<RowResult>;

  /**
   * Calls a direct method, at most once: never retried, whatever the hub answers.
   * Never throws for what the hub or the network does; that is the answer.
   * `onSent` is told when all of the call has been written.
   */
  invokeMethod(
    deviceId: string,
    call: MethodCall,
    gate: SendGate,
    onSent?: () => void,
  ): Promise<MethodAnswer>;

  /**
   * Merges a value into the desired properties, at most once, as `invokeMethod` calls a method:
   * for operations, whose claim is the gate.
   */
  writeDesired(
    deviceId: string,
    write: DesiredWrite,
    gate: SendGate,
    onSent?: () => void,
  ): Promise<CommandAnswer>;

  /**
   * Queues a cloud-to-device message at the hub, at most once, as `invokeMethod` calls a method, and
   * asks for feedback on it. Its life begins now.
   */
  sendMessage(
    deviceId: string,
    message: OutgoingMessage,
    gate: SendGate,
    onSent?: () => void,
  ): Promise<CommandAnswer>;

  /**
   * Listens to what became of messages. Every back end of the hub draws on the same queue; each
   * record goes to one of them.
   */
  receiveFeedback(handler: FeedbackHandler): FeedbackReceiver;

  /** Proves that the hub is there and lets us in. Throws HubError. */
  check(): Promise<void>;

  close(): void;
}

/** Who waits for a request, from who is served first: somebody, an operation, or a mere watcher. */
export const urgencies = ['CALLER', 'ACTIVE', 'IDLE'] as const;
export type Urgency = (typeof urgencies)[number];

export interface ReadOptions {
  /** Default: CALLER. */
  readonly urgency?: Urgency;
  /** Gives up a read that still waits for its turn. */
  readonly signal?: AbortSignal;
}

export interface QueryPage {
  /** At most this many rows, 1 to 100. */
  readonly size: number;
  /** Where an earlier page ended. */
  readonly continuation?: string | undefined;
}

export interface QueryResult {
  readonly readings: readonly TwinReading[];
  /** Absent on the last page. */
  readonly continuation: string | undefined;
}

export interface RowResult {
  readonly rows: readonly JsonValue[];
  /** Absent on the last page. */
  readonly continuation: string | undefined;
  /** How many requests it took: more than one, if some had to be repeated. */
  readonly requests: number;
}

export interface MethodCall {
  /** Of a module of the device; absent: of the device itself. */
  readonly moduleId?: string;
  readonly name: string;
  readonly payload: JsonValue;
  /** How long the device may take to answer, 5 to 300 s. */
  readonly responseTimeoutSeconds: number;
  /** How long the hub waits for an absent device to connect, 0 to 300 s, at most the above. */
  readonly connectTimeoutSeconds: number;
}

export interface DesiredWrite {
  /** As with a method. */
  readonly moduleId?: string;
  /** At least one key. */
  readonly path: readonly string[];
  /** Objects merge, null removes, anything else replaces. */
  readonly value: JsonValue;
}

/**
 * Asked once, when the connection stands and nothing has been written: the last moment at which
 * a call can be stopped with certainty. False (or a throw) stops it.
 */
export type SendGate = () => Promise<boolean>;

/** What became of a method call. */
export type MethodAnswer =
  /** The device answered; its status may well say no. */
  | { readonly kind: 'ANSWERED'; readonly status: number; readonly payload: JsonValue }
  /** It certainly never reached the device. */
  | { readonly kind: 'UNDELIVERED'; readonly code: UndeliveredCode; readonly message: string }
  /** It may or may not have reached the device. */
  | { readonly kind: 'UNKNOWN'; readonly message: string };

/** What became of a method call, a write or a message. */
export type CommandAnswer =
  | MethodAnswer
  /** The hub keeps the message for the device; feedback will tell what becomes of it. */
  | { readonly kind: 'ENQUEUED' }
  /** The hub has written it; the device may get it much later. */
  | {
      readonly kind: 'WRITTEN';
      /** `$version` of the desired properties with it. */
      readonly version: number;
    };

export type UndeliveredCode =
  | 'NOT_SENT'
  | 'DEVICE_NOT_FOUND'
  | 'DEVICE_OFFLINE'
  | 'DEVICE_QUEUE_FULL'
  | 'INVALID'
  | 'THROTTLED'
  | 'HUB_UNAUTHORIZED'
  | 'HUB_QUOTA_EXCEEDED'
  | 'HUB_UNAVAILABLE';

export type HubErrorCode =
  | 'DEVICE_NOT_FOUND'
  | 'MODULE_NOT_FOUND'
  | 'ALREADY_EXISTS'
  /** It has another ETag. */
  | 'PRECONDITION_FAILED'
  /** The hub, or the device, can hold no more of them. */
  | 'TOO_MANY'
  | 'INVALID'
  | 'THROTTLED'
  | 'UNAUTHORIZED'
  | 'QUOTA_EXCEEDED'
  /** A write went without a usable answer: it may or may not have been carried out. */
  | 'OUTCOME_UNKNOWN'
  /** Not reached, no answer in time, or an answer that says "not now". */
  | 'UNAVAILABLE';

/** What the hub refused or could not do. Its message never holds a key or a token. */
export class HubError extends Error {
  override readonly name = 'HubError';
  readonly code: HubErrorCode;

  constructor(code: HubErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
