import { Agent } from 'node:https';
import azureIothub from 'azure-iothub';
import { RestApiClient } from 'azure-iothub/dist/common-http/rest_api_client.js';
import type { Emulator } from '../../../src/emulator/emulator.js';
import { policies } from '../../../src/emulator/policies.js';
import { createSasToken } from '../../../src/emulator/sas.js';

export interface ServiceSdk {
  readonly registry: azureIothub.Registry;
  readonly client: azureIothub.Client;
  readonly jobs: azureIothub.JobClient;
}

/** The official service SDK, led to the emulator's port by an agent: it knows only 443. */
export function createServiceSdk(emulator: Emulator, policy = 'iothubowner'): ServiceSdk {
  const config = { host: 'localhost', sharedAccessSignature: createServiceToken(policy) };
  const rest = new RestApiClient(config, 'test');
  rest.setOptions({
    http: { agent: new Agent({ port: emulator.httpsPort, ca: emulator.ca, keepAlive: false }) },
  });
  // The SDK would install an agent of its own.
  Object.defineProperty(rest, 'setOptions', { value: undefined });
  const client = azureIothub.Client.fromConnectionString(emulator.sdkConnectionString);
  const transport: unknown = Reflect.get(client, '_transport');
  return {
    registry: new azureIothub.Registry(config, rest),
    client: new azureIothub.Client(transport as azureIothub.Client.Transport, rest),
    jobs: new azureIothub.JobClient(rest),
  };
}

/** A token of one of the well-known policies. */
export function createServiceToken(
  policy = 'iothubowner',
  { resource = 'localhost', expirySeconds = Math.ceil(Date.now() / 1000) + 3600 } = {},
): string {
  const key = policies.get(policy)?.key ?? '';
  return createSasToken(resource, key, expirySeconds, policy);
}
