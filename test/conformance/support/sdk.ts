import { Agent } from 'node:https';
import azureIotCommon from 'azure-iot-common';
import azureIotDevice from 'azure-iot-device';
import azureIotDeviceMqtt from 'azure-iot-device-mqtt';
import azureIothub from 'azure-iothub';
import { RestApiClient } from 'azure-iothub/dist/common-http/rest_api_client.js';
import type { Client, Hub } from './hub.js';
import { within } from './mqtt.js';

/** The official SDKs of Node.js, led to the doors of a hub. None of their calls is repeated. */
export interface Sdk {
  readonly registry: azureIothub.Registry;
  readonly service: azureIothub.Client;
  readonly jobs: azureIothub.JobClient;
  /** A device that is not connected yet. */
  createDevice(client: Client): Promise<azureIotDevice.Client>;
  /** A device that is. */
  connectDevice(client: Client): Promise<azureIotDevice.Client>;
  /** What a call gives, unless that takes too long: some wait for ever. */
  done<T>(call: Promise<T>): Promise<T>;
  /** The error by which a call ends. */
  failure(call: Promise<unknown>): Promise<Error>;
}

const standardMqttPort = 8883;

export function openSdk(hub: Hub): Sdk {
  const { target } = hub;
  const { hostName, ca, owner, doors, patienceMs } = target;
  const config = { host: hostName, sharedAccessSignature: hub.token() };
  const agent = new Agent({ port: doors.https, ...(ca === undefined ? {} : { ca }) });
  const rest = new RestApiClient(config, 'conformance');
  rest.setOptions({ http: { agent } });
  // The SDK would install an agent of its own, which knows no port but 443.
  Object.defineProperty(rest, 'setOptions', { value: undefined });
  const service = azureIothub.Client.fromConnectionString(
    `HostName=${hostName};SharedAccessKeyName=${owner.policy};SharedAccessKey=${owner.key}`,
  );
  const transport = Reflect.get(service, '_transport') as azureIothub.Client.Transport;
  const ownService = new azureIothub.Client(transport, rest);
  ownService.setRetryPolicy(new azureIotCommon.NoRetry());

  const sdk: Sdk = {
    registry: new azureIothub.Registry(config, rest),
    service: ownService,
    jobs: new azureIothub.JobClient(rest),
    async createDevice({ deviceId, key }) {
      const port = doors.mqtt === standardMqttPort ? '' : `:${doors.mqtt}`;
      const device = azureIotDevice.Client.fromConnectionString(
        `HostName=${hostName}${port};DeviceId=${deviceId};SharedAccessKey=${key}`,
        azureIotDeviceMqtt.Mqtt,
      );
      device.setRetryPolicy(new azureIotCommon.NoRetry());
      device.on('error', () => {});
      if (ca !== undefined) await device.setOptions({ ca });
      hub.onEnd(async () => {
        device.removeAllListeners();
        device.on('error', () => {});
        // A hub that is broken may not let it leave.
        await within(device.close(), 1000, 'the device does not leave').catch(() => {});
      });
      return device;
    },
    async connectDevice(client) {
      const device = await sdk.createDevice(client);
      await sdk.done(device.open());
      return device;
    },
    done: (call) => within(call, patienceMs, 'the SDK waits'),
    failure: (call) =>
      sdk.done(
        call.then(
          () => new Error('no error'),
          (error: unknown) => (error instanceof Error ? error : new Error(String(error))),
        ),
      ),
  };
  return sdk;
}
