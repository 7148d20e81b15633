import iothub, { type Client as ServiceClient } from 'azure-iothub';
// The SDK exports no door for an HTTP layer of one's own; hence the exactly pinned version.
import { RestApiClient } from 'azure-iothub/dist/common-http/rest_api_client.js';
import type { Clock } from '../clock.js';
import { reusedToken } from './access-token.js';
import { parseConnectionString } from './connection-string.js';
import { HubTransport } from './transport.js';

export interface SdkOptions {
  readonly connectionString: string;
  /** PEM of an authority to trust beside the well-known ones. */
  readonly ca?: string | undefined;
  readonly clock: Clock;
}

/** The clients of Microsoft's service SDK, all on one transport of ours. */
export interface ServiceSdk {
  readonly hostname: string;
  readonly registry: iothub.Registry;
  readonly client: iothub.Client;
  /** Below both: for what the hub can do and they have no door for. */
  readonly rest: RestApiClient;
  readonly transport: HubTransport;
}

/** The version of the hub's REST interface that the SDK speaks. */
export const API_VERSION = '2021-04-12';

/** Constructs the SDK's clients: the only file that imports azure-iothub. */
export function createServiceSdk({ connectionString, ca, clock }: SdkOptions): ServiceSdk {
  const { host, hostname, port, policy, key } = parseConnectionString(connectionString);
  const token = reusedToken(
    (endsAt) => iothub.SharedAccessSignature.create(host, policy, key, endsAt).toString(),
    clock,
  );
  const transport = new HubTransport({
    host: hostname.replace(/^\[|\]$/g, ''),
    port,
    ca,
    authorization: token,
    clock,
  });
  const config = { host: hostname, sharedAccessSignature: token() };
  const rest = new RestApiClient(config, 'twinql', transport as never);
  const registry = new iothub.Registry(config, rest);
  const amqp = new iothub.Amqp(config) as ServiceClient.Transport;
  const client = new iothub.Client(amqp, rest);
  // Left to itself the SDK sends a method again on 500, 503 and 429: a second reboot.
  client.setRetryPolicy({ shouldRetry: () => false, nextRetryTimeout: () => -1 });
  return { hostname, registry, client, rest, transport };
}
