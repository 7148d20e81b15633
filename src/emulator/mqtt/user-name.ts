import type { ClientName } from './topics.js';

/** What a device says of itself in CONNECT's user name. */
export interface UserName extends ClientName {
  readonly host: string;
  readonly apiVersion: string | undefined;
  readonly modelId: string | undefined;
}

/** Parses `{host}/{deviceId}[/{moduleId}]/?api-version=…`; old clients leave out the question mark, or all after the id. */
export function parseUserName(text: string): UserName | undefined {
  const [host, deviceId, ...rest] = text.split('/');
  if (!host || !deviceId) return undefined;
  const named = rest[0] !== undefined && rest[0] !== '' && !isQuery(rest[0]);
  const query = new URLSearchParams((named ? rest.slice(1) : rest).join('/').replace(/^\?/, ''));
  return {
    host,
    deviceId,
    moduleId: named ? rest[0] : undefined,
    apiVersion: query.get('api-version') ?? undefined,
    modelId: query.get('model-id') ?? undefined,
  };
}

function isQuery(segment: string): boolean {
  return segment.startsWith('?') || segment.startsWith('api-version=');
}
