/** The official service SDK inside a test's own process, led to a hub that does not listen on port 443. */
import azureIothub from 'azure-iothub';

// Redirects as HUB_PORTS and HUB_CA say at the time of each connection.
await import('./hub-ports.cjs' as string);

export interface ServiceSdk {
  readonly registry: azureIothub.Registry;
  readonly client: azureIothub.Client;
}

/** One hub per process: the SDK's connections carry nothing that would tell two apart. */
export function createServiceSdk(hub: {
  readonly sdkConnectionString: string;
  readonly httpsPort: number;
  readonly caFile: string;
}): ServiceSdk {
  process.env['HUB_PORTS'] = `443=${hub.httpsPort}`;
  process.env['HUB_CA'] = hub.caFile;
  return {
    registry: azureIothub.Registry.fromConnectionString(hub.sdkConnectionString),
    client: azureIothub.Client.fromConnectionString(hub.sdkConnectionString),
  };
}
