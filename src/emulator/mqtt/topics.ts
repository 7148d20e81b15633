/** The topics of "Communicate with your IoT hub using the MQTT protocol", parsed and formatted. */

export interface ClientName {
  readonly deviceId: string;
  readonly moduleId: string | undefined;
}

/** What a device may publish. */
export type PublishTopic =
  | { readonly kind: 'telemetry'; readonly properties: string }
  | { readonly kind: 'twinGet'; readonly requestId: string }
  | {
      readonly kind: 'twinReport';
      readonly requestId: string;
      readonly baseVersion: number | undefined;
    }
  | { readonly kind: 'methodResponse'; readonly requestId: string; readonly status: number };

/** What a device may subscribe to. */
export type SubscriptionKind =
  | 'twinResponses'
  | 'desiredProperties'
  | 'methods'
  | 'deviceBound'
  | 'inputs'
  /** All that is for a module, in one. */
  | 'moduleBound';

const twinGet = '$iothub/twin/GET/';
const twinReport = '$iothub/twin/PATCH/properties/reported/';
const methodResponse = /^\$iothub\/methods\/res\/(-?\d{1,9})\/(\?.*)$/;

/** What `topic` means when `client` publishes to it; `undefined` when it may not. */
export function parsePublishTopic(topic: string, client: ClientName): PublishTopic | undefined {
  if (topic.startsWith('$iothub/')) return parseHubTopic(topic);
  const events = `${formatClientPath(client)}/messages/events`;
  if (topic === events) return { kind: 'telemetry', properties: '' };
  if (!topic.startsWith(`${events}/`)) return undefined;
  // Node's SDK ends the properties of a module's output with a slash.
  return { kind: 'telemetry', properties: topic.slice(events.length + 1).replace(/\/$/, '') };
}

/** What `filter` means when `client` subscribes to it; `undefined` when it may not. */
export function parseFilter(filter: string, client: ClientName): SubscriptionKind | undefined {
  switch (filter) {
    case '$iothub/twin/res/#':
      return 'twinResponses';
    case '$iothub/twin/PATCH/properties/desired/#':
      return 'desiredProperties';
    case '$iothub/methods/POST/#':
      return 'methods';
    case `${formatClientPath(client)}/messages/devicebound/#`:
      return 'deviceBound';
    case `${formatClientPath(client)}/inputs/#`:
      return client.moduleId === undefined ? undefined : 'inputs';
    case `${formatClientPath(client)}/#`:
      return client.moduleId === undefined ? undefined : 'moduleBound';
    default:
      return undefined;
  }
}

export function formatTwinResponse(status: number, requestId: string, version?: number): string {
  const tail = version === undefined ? '' : `&$version=${version}`;
  return `$iothub/twin/res/${status}/?$rid=${requestId}${tail}`;
}

export function formatDesiredTopic(version: number): string {
  return `$iothub/twin/PATCH/properties/desired/?$version=${version}`;
}

export function formatMethodTopic(name: string, requestId: string): string {
  return `$iothub/methods/POST/${name}/?$rid=${requestId}`;
}

export function formatClientPath({ deviceId, moduleId }: ClientName): string {
  return moduleId === undefined ? `devices/${deviceId}` : `devices/${deviceId}/modules/${moduleId}`;
}

function parseHubTopic(topic: string): PublishTopic | undefined {
  if (topic.startsWith(twinGet)) {
    const requestId = readField(topic.slice(twinGet.length), '$rid');
    return requestId === undefined ? undefined : { kind: 'twinGet', requestId };
  }
  if (topic.startsWith(twinReport)) return parseReportTopic(topic.slice(twinReport.length));
  const [, status, tail = ''] = methodResponse.exec(topic) ?? [];
  const requestId = readField(tail, '$rid');
  if (status === undefined || requestId === undefined) return undefined;
  return { kind: 'methodResponse', requestId, status: Number(status) };
}

function parseReportTopic(tail: string): PublishTopic | undefined {
  const requestId = readField(tail, '$rid');
  const version = readField(tail, '$version');
  if (requestId === undefined || (version !== undefined && !/^\d{1,15}$/.test(version))) {
    return undefined;
  }
  const baseVersion = version === undefined ? undefined : Number(version);
  return { kind: 'twinReport', requestId, baseVersion };
}

/** A field of `?a=1&b=2`, as sent: request ids go back exactly as they came. */
function readField(tail: string, name: string): string | undefined {
  if (!tail.startsWith('?')) return undefined;
  for (const part of tail.slice(1).split('&')) {
    if (part.startsWith(`${name}=`)) return part.slice(name.length + 1);
  }
  return undefined;
}
