import type { AuthenticationMethod } from './device-link.js';
import type { Identity } from './identity.js';

/**
 * What of a device-to-cloud message the device decides.
 * A property without a value is null, as MQTT can write it.
 */
export interface DeviceMessage {
  readonly body: Buffer;
  /** What the application has set. */
  readonly properties: Readonly<Record<string, string | null>>;
  readonly messageId?: string | undefined;
  readonly correlationId?: string | undefined;
  readonly userId?: string | undefined;
  readonly to?: string | undefined;
  readonly contentType?: string | undefined;
  readonly contentEncoding?: string | undefined;
  readonly expiry?: string | undefined;
  readonly createdAt?: string | undefined;
  /** The component of a Plug and Play device that speaks. */
  readonly component?: string | undefined;
  readonly interfaceId?: string | undefined;
  /** The output of a module that it left by. */
  readonly outputName?: string | undefined;
}

/** Who sent a message, as the hub has seen it. */
export interface EventOrigin {
  readonly deviceId: string;
  readonly moduleId: string | undefined;
  readonly generationId: string;
  readonly authenticationMethod: AuthenticationMethod;
  /** The model that the device announced when it connected; empty without one. */
  readonly modelId: string;
}

export function createOrigin(
  { deviceId, moduleId, generationId, state }: Identity,
  authenticationMethod: AuthenticationMethod,
): EventOrigin {
  return { deviceId, moduleId, generationId, authenticationMethod, modelId: state.modelId };
}

/** A device-to-cloud message as it lies in the hub, ready to be read by a back end. */
export interface HubEvent {
  readonly message: DeviceMessage;
  readonly origin: EventOrigin;
  readonly source: 'Telemetry';
  readonly partition: number;
  /** Within the partition: the first is 0, and none is left out. */
  readonly sequenceNumber: number;
  /** Where the event begins in its partition, in bytes. */
  readonly offset: number;
  /** In milliseconds since 1970. */
  readonly enqueuedAtMs: number;
}

/** The properties of the AMQP message by which a back end reads the event. Those not set are absent. */
export function formatSystemProperties({ message }: HubEvent): Readonly<Record<string, string>> {
  return withoutAbsent([
    ['message-id', message.messageId],
    ['user-id', message.userId],
    ['to', message.to],
    ['correlation-id', message.correlationId],
    ['content-type', message.contentType],
    ['content-encoding', message.contentEncoding],
    ['absolute-expiry-time', message.expiry],
  ]);
}

/** Its message annotations: what the hub itself says of the event. */
export function formatAnnotations(event: HubEvent): Readonly<Record<string, string | number>> {
  const { message, origin, enqueuedAtMs } = event;
  return {
    'x-opt-sequence-number': event.sequenceNumber,
    'x-opt-offset': String(event.offset),
    'x-opt-enqueued-time': enqueuedAtMs,
    'iothub-enqueuedtime': enqueuedAtMs,
    'iothub-message-source': event.source,
    ...withoutAbsent([
      ['iothub-connection-device-id', origin.deviceId],
      ['iothub-connection-module-id', origin.moduleId],
      ['iothub-connection-auth-method', formatMethod(origin.authenticationMethod)],
      ['iothub-connection-auth-generation-id', origin.generationId],
      ['iothub-creation-time-utc', message.createdAt],
      ['iothub-interface-id', message.interfaceId],
      ['dt-dataschema', origin.modelId === '' ? undefined : origin.modelId],
      ['dt-subject', message.component],
      ['x-opt-output-name', message.outputName],
    ]),
  };
}

function formatMethod({ scope, type }: AuthenticationMethod): string {
  const issuer = type === 'sas' ? 'iothub' : 'external';
  return JSON.stringify({ scope, type, issuer, acceptingIpFilterRule: null });
}

function withoutAbsent(
  entries: readonly (readonly [string, string | undefined])[],
): Record<string, string> {
  return Object.fromEntries(
    entries.filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
