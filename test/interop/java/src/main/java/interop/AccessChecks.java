package interop;

import static interop.Harness.equal;
import static interop.Harness.raises;
import static interop.Hub.CONNECTION_STRING;
import static interop.Hub.connectionString;
import static interop.Hub.expectRefusal;
import static interop.Hub.invoke;
import static interop.Hub.newDevice;
import static interop.Hub.newId;
import static interop.Hub.registry;
import static interop.Hub.twins;

import com.microsoft.azure.sdk.iot.device.DeviceClient;
import com.microsoft.azure.sdk.iot.device.IotHubClientProtocol;
import com.microsoft.azure.sdk.iot.device.IotHubStatusCode;
import com.microsoft.azure.sdk.iot.device.exceptions.IotHubClientException;
import com.microsoft.azure.sdk.iot.service.exceptions.IotHubUnauthorizedException;
import com.microsoft.azure.sdk.iot.service.messaging.IotHubServiceClientProtocol;
import com.microsoft.azure.sdk.iot.service.messaging.MessagingClient;
import com.microsoft.azure.sdk.iot.service.registry.Device;
import com.microsoft.azure.sdk.iot.service.registry.DeviceStatus;
import com.microsoft.azure.sdk.iot.service.registry.RegistryClient;
import com.microsoft.azure.sdk.iot.service.twin.TwinClient;

/** Who is let in: services by their policy's key, devices by theirs. */
final class AccessChecks {
  private AccessChecks() {}

  static void add(Harness harness) {
    harness.check("access.service-key", "a service with a wrong key is refused, over HTTPS and over AMQP", () -> {
      String wrong = CONNECTION_STRING.replaceAll(
          "SharedAccessKey=.*", "SharedAccessKey=" + new Device(newId()).getPrimaryKey());
      String id = newDevice().getDeviceId();
      raises(IotHubUnauthorizedException.class, () -> new RegistryClient(wrong).getDevice(id));
      raises(IotHubUnauthorizedException.class, () -> new TwinClient(wrong).get(id));
      raises(IotHubUnauthorizedException.class,
          () -> new MessagingClient(wrong, IotHubServiceClientProtocol.AMQPS).open());
    });

    harness.check("access.unknown-device", "what is asked of a device that does not exist is not found", () -> {
      Device nobody = new Device(newId());
      expectRefusal(404, "DeviceNotFound", () -> registry.getDevice(nobody.getDeviceId()));
      expectRefusal(404, "DeviceNotFound", () -> registry.removeDevice(nobody.getDeviceId()));
      expectRefusal(404, "DeviceNotFound", () -> twins.get(nobody.getDeviceId()));
      expectRefusal(404001, "", () -> invoke(nobody, "reboot", null, 10));
    });

    harness.check("access.device-key", "a device with a wrong key is refused, over MQTT and over WebSocket", () -> {
      String key = new Device(newId()).getPrimaryKey();
      expectUnauthorized(newDevice(), key, IotHubClientProtocol.MQTT);
      expectUnauthorized(newDevice(), key, IotHubClientProtocol.MQTT_WS);
    });

    harness.check("access.device-missing", "a device that is not registered, or disabled, is refused", () -> {
      Device gone = newDevice();
      registry.removeDevice(gone.getDeviceId());
      expectUnauthorized(gone, gone.getPrimaryKey(), IotHubClientProtocol.MQTT);
      Device disabled = newDevice();
      disabled.setStatus(DeviceStatus.Disabled);
      registry.updateDevice(disabled);
      expectUnauthorized(disabled, disabled.getPrimaryKey(), IotHubClientProtocol.MQTT);
    });
  }

  private static void expectUnauthorized(Device device, String key, IotHubClientProtocol protocol)
      throws Exception {
    DeviceClient client = new DeviceClient(connectionString(device.getDeviceId(), key), protocol);
    try {
      IotHubClientException error = raises(IotHubClientException.class, () -> client.open(false));
      equal(IotHubStatusCode.UNAUTHORIZED, error.getStatusCode());
    } finally {
      client.close();
    }
  }
}
