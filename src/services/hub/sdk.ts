import iothub, { type Client as ServiceClient } from 'azure-iothub';
// The SDK exports no door for an HTTP layer of one's own; hence the exactly pinned version.
import { RestApiClient } from 'azure-iothub/dist/common-http/rest_api_client.js';
import type { Clock } from '../clock.js';
import { type Observer, unobserved } from '../observer.js';
import { type Credential, reusedBearer, reusedToken, SCOPE } from './access-token.js';
import { type HubHost, hubName, parseConnectionString, parseHost } from './connection-string.js';
import { Messaging } from './messaging.js';
import { HubTransport } from './transport.js';

/** How a hub is reached and who we are to it: by a key of its own, or by Microsoft Entra ID. */
export type HubAccess =
  | { readonly connectionString: string }
  /** The host name may carry a port. */
  | { readonly hostname: string; readonly credential: Credential };

export type SdkOptions = HubAccess & {
  /** PEM of an authority to trust beside the well-known ones. */
  readonly ca?: string | undefined;
  readonly clock: Clock;
  /** Told of every exchange. */
  readonly observer?: Observer;
  /** A number in [0, 1), for the jitter of retries. */
  readonly random: () => number;
};

/** The clients of Microsoft's service SDK, all on one transport of ours. */
export interface ServiceSdk {
  /** The hub's short name. */
  readonly name: string;
  readonly hostname: string;
  readonly registry: iothub.Registry;
  readonly client: iothub.Client;
  /** Below both: for what the hub can do and they have no door for. */
  readonly rest: RestApiClient;
  readonly transport: HubTransport;
  /**
   * In place of the SDK's AMQP, which takes no CA, completes feedback before anybody has read it,
   * and leaves no moment between the link and the message in which a claim could be made.
   */
  readonly messaging: Messaging;
}

/** The version of the hub's REST interface that the SDK speaks. */
export const API_VERSION = '2021-04-12';

/** Constructs the SDK's clients: the only file that imports azure-iothub. */
export function createServiceSdk(options: SdkOptions): ServiceSdk {
  const { ca, clock, random, observer = unobserved } = options;
  const { at, authorization, audience } = open(options);
  const { hostname, port } = at;
  const name = hubName(at);
  const host = hostname.replace(/^\[|\]$/g, '');
  const transport = new HubTransport({ hub: name, host, port, ca, authorization, clock, observer });
  const messaging = new Messaging({ host, port, ca, authorization, audience, clock, random });
  // Without one the SDK does not construct; what is sent is the transport's.
  const config = { host: hostname, sharedAccessSignature: 'SharedAccessSignature sr=none' };
  const rest = new RestApiClient(config, 'twinql', transport as never);
  const registry = new iothub.Registry(config, rest);
  const amqp = new iothub.Amqp(config) as ServiceClient.Transport;
  const client = new iothub.Client(amqp, rest);
  // Left to itself the SDK sends a method again on 500, 503 and 429: a second reboot.
  client.setRetryPolicy({ shouldRetry: () => false, nextRetryTimeout: () => -1 });
  return { name, hostname, registry, client, rest, transport, messaging };
}

function open(options: SdkOptions): {
  at: HubHost;
  authorization: () => string | Promise<string>;
  /** What AMQP wants a token to be named after. */
  audience: string;
} {
  const { clock } = options;
  if ('credential' in options) {
    const at = parseHost(options.hostname);
    if (!at) throw new Error('the host name of the hub is none');
    return { at, authorization: reusedBearer(options.credential, clock), audience: SCOPE };
  }
  const { policy, key, ...at } = parseConnectionString(options.connectionString);
  const sign = (endsAt: number) =>
    iothub.SharedAccessSignature.create(at.host, policy, key, endsAt).toString();
  return { at, authorization: reusedToken(sign, clock), audience: at.host };
}
