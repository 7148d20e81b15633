package interop;

import static interop.Harness.expect;

import com.microsoft.azure.sdk.iot.device.DeviceClient;
import com.microsoft.azure.sdk.iot.device.InternalClient;
import com.microsoft.azure.sdk.iot.device.IotHubClientProtocol;
import com.microsoft.azure.sdk.iot.device.IotHubStatusCode;
import com.microsoft.azure.sdk.iot.device.exceptions.IotHubClientException;
import com.microsoft.azure.sdk.iot.device.twin.MethodCallback;
import com.microsoft.azure.sdk.iot.device.twin.TwinCollection;
import com.microsoft.azure.sdk.iot.service.exceptions.IotHubException;
import com.microsoft.azure.sdk.iot.service.methods.DirectMethodRequestOptions;
import com.microsoft.azure.sdk.iot.service.methods.DirectMethodResponse;
import com.microsoft.azure.sdk.iot.service.methods.DirectMethodsClient;
import com.microsoft.azure.sdk.iot.service.registry.Device;
import com.microsoft.azure.sdk.iot.service.registry.Module;
import com.microsoft.azure.sdk.iot.service.registry.RegistryClient;
import com.microsoft.azure.sdk.iot.service.twin.Twin;
import com.microsoft.azure.sdk.iot.service.twin.TwinClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * The service's clients, devices to use up in a check, and what a check does with them.
 *
 * <p>HUB_CONNECTION_STRING is the service's; HUB_DEVICE_HOST the host name devices use; HUB_DEVICE_CERTIFICATES a folder
 * of self-signed certificates for devices.
 */
final class Hub {
  static final String CONNECTION_STRING = System.getenv("HUB_CONNECTION_STRING");
  static final String DEVICE_HOST = System.getenv("HUB_DEVICE_HOST");

  static final RegistryClient registry = new RegistryClient(CONNECTION_STRING);
  static final TwinClient twins = new TwinClient(CONNECTION_STRING);
  static final DirectMethodsClient methods = new DirectMethodsClient(CONNECTION_STRING);

  private static final int MISSED_AFTER_MS = 5000;

  private Hub() {}

  /** A device on the device SDK, connected until closed. */
  static final class ConnectedDevice implements AutoCloseable {
    final DeviceClient client;

    ConnectedDevice(Device identity) throws Exception {
      this(identity, IotHubClientProtocol.MQTT);
    }

    ConnectedDevice(Device identity, IotHubClientProtocol protocol) throws Exception {
      this(new DeviceClient(connectionString(identity.getDeviceId(), identity.getPrimaryKey()), protocol));
    }

    ConnectedDevice(DeviceClient client) throws Exception {
      this.client = client;
      client.open(false);
    }

    void serve(MethodCallback callback) throws Exception {
      client.subscribeToMethods(callback, null);
    }

    @Override
    public void close() {
      client.close();
    }
  }

  /** Devices of their own for a check, and the condition that only they meet. */
  static final class Batch {
    final List<Device> devices = new ArrayList<>();
    final String condition;

    Batch(int count) throws Exception {
      String mark = UUID.randomUUID().toString();
      condition = "tags.batch = '" + mark + "'";
      for (int index = 0; index < count; index++) {
        devices.add(newDevice());
        tag(devices.get(index), "batch", mark);
      }
    }

    String id(int index) {
      return devices.get(index).getDeviceId();
    }
  }

  static Device newDevice() throws Exception {
    return registry.addDevice(new Device(newId()));
  }

  static Module newModule(Device device) throws Exception {
    return registry.addModule(new Module(device.getDeviceId(), "meter"));
  }

  static void tag(Device device, String name, Object value) throws Exception {
    Twin patch = new Twin(device.getDeviceId());
    patch.getTags().put(name, value);
    twins.patch(patch);
  }

  static String connectionString(String deviceId, String key) {
    return "HostName=" + DEVICE_HOST + ";DeviceId=" + deviceId + ";SharedAccessKey=" + key;
  }

  static String newId() {
    return "java-" + UUID.randomUUID().toString().substring(0, 8);
  }

  static DirectMethodResponse invoke(Device device, String name, Object payload, int responseTimeoutSeconds)
      throws Exception {
    return methods.invoke(device.getDeviceId(), name, methodOptions(payload, responseTimeoutSeconds, 0));
  }

  /** The SDK's own time for connecting is longer than the shorter times for answering, which the hub refuses. */
  static DirectMethodRequestOptions methodOptions(
      Object payload, int responseTimeoutSeconds, int connectTimeoutSeconds) {
    return DirectMethodRequestOptions.builder()
        .payload(payload)
        .methodResponseTimeoutSeconds(responseTimeoutSeconds)
        .methodConnectTimeoutSeconds(connectTimeoutSeconds)
        .build();
  }

  /**
   * Reports properties and gives the version they have then. The SDK now and then misses an answer, however long after
   * the acknowledgement of its request that comes: the thread that takes it forgets who waits for it before another has
   * looked that up (Azure/azure-iot-sdk-java issue 1803). It then waits for ever, so it is asked again.
   */
  static int report(InternalClient client, Map<String, Object> properties) throws Exception {
    for (int attempt = 1; ; attempt++) {
      try {
        TwinCollection reported = client.getTwin(MISSED_AFTER_MS).getReportedProperties();
        reported.putAll(properties);
        return client.updateReportedProperties(reported, MISSED_AFTER_MS).getVersion();
      } catch (IotHubClientException error) {
        if (error.getStatusCode() != IotHubStatusCode.DEVICE_OPERATION_TIMED_OUT || attempt == 3) {
          throw error;
        }
      }
    }
  }

  static com.microsoft.azure.sdk.iot.device.twin.DirectMethodResponse answer(int status, Object payload) {
    return new com.microsoft.azure.sdk.iot.device.twin.DirectMethodResponse(status, payload);
  }

  /** Runs what the hub must refuse with this code, or with this status where the SDK takes no code from the body. */
  static void expectRefusal(int code, String text, Harness.Check request) throws Exception {
    IotHubException error = Harness.raises(IotHubException.class, request);
    expect(error.getErrorCode() == code, "expected " + code + ", got " + error.getErrorCode() + ": " + error);
    expect(String.valueOf(error.getMessage()).contains(text), error);
  }
}
