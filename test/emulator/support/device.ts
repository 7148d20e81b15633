import azureIotCommon from 'azure-iot-common';
import azureIotDevice from 'azure-iot-device';
import azureIotDeviceMqtt from 'azure-iot-device-mqtt';
import type { Emulator } from '../../../src/emulator/emulator.js';

export interface TestDevice extends AsyncDisposable {
  readonly client: azureIotDevice.Client;
}

/** The official device SDK, connected over MQTT. It leaves with `await using`. */
export async function connectDevice(
  emulator: Emulator,
  connectionString: string,
): Promise<TestDevice> {
  const client = await createDeviceClient(emulator, connectionString);
  await client.open();
  return {
    client,
    async [Symbol.asyncDispose]() {
      client.removeAllListeners();
      await client.close();
    },
  };
}

export async function createDeviceClient(
  emulator: Emulator,
  connectionString: string,
): Promise<azureIotDevice.Client> {
  const client = azureIotDevice.Client.fromConnectionString(
    connectionString,
    azureIotDeviceMqtt.Mqtt,
  );
  client.setRetryPolicy(new azureIotCommon.NoRetry());
  client.on('error', () => {});
  // It first looks for a file of that name: opened before that is over, the client trusts nobody.
  await client.setOptions({ ca: emulator.ca });
  return client;
}
