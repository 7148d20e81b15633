package interop;

import static interop.Harness.PATIENCE_SECONDS;
import static interop.Harness.equal;
import static interop.Harness.expect;

import com.microsoft.azure.sdk.iot.device.DeviceClient;
import com.microsoft.azure.sdk.iot.device.IotHubClientProtocol;
import com.microsoft.azure.sdk.iot.device.Message;
import com.microsoft.azure.sdk.iot.device.ModuleClient;
import com.microsoft.azure.sdk.iot.device.twin.MethodCallback;
import com.microsoft.azure.sdk.iot.device.twin.ReportedPropertiesUpdateResponse;
import com.microsoft.azure.sdk.iot.service.exceptions.IotHubException;
import com.microsoft.azure.sdk.iot.service.methods.DirectMethodRequestOptions;
import com.microsoft.azure.sdk.iot.service.methods.DirectMethodResponse;
import com.microsoft.azure.sdk.iot.service.methods.DirectMethodsClient;
import com.microsoft.azure.sdk.iot.service.query.QueryPageOptions;
import com.microsoft.azure.sdk.iot.service.query.TwinQueryResponse;
import com.microsoft.azure.sdk.iot.service.registry.Device;
import com.microsoft.azure.sdk.iot.service.registry.DeviceStatus;
import com.microsoft.azure.sdk.iot.service.registry.Module;
import com.microsoft.azure.sdk.iot.service.registry.RegistryClient;
import com.microsoft.azure.sdk.iot.service.registry.RegistryStatistics;
import com.microsoft.azure.sdk.iot.service.twin.Twin;
import com.microsoft.azure.sdk.iot.service.twin.TwinClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The official Java SDKs against a hub: each check prints one TAP line, and any failure ends in status 1.
 *
 * <p>HUB_CONNECTION_STRING is the service's; HUB_DEVICE_HOST the host name devices use.
 */
public final class Checks {
  private static final String HUB = System.getenv("HUB_CONNECTION_STRING");
  private static final String DEVICE_HOST = System.getenv("HUB_DEVICE_HOST");

  private static final RegistryClient registry = new RegistryClient(HUB);
  private static final TwinClient twins = new TwinClient(HUB);
  private static final DirectMethodsClient methods = new DirectMethodsClient(HUB);

  private Checks() {}

  public static void main(String[] arguments) {
    Harness harness = new Harness();
    checkRegistry(harness);
    checkTwins(harness);
    checkModules(harness);
    checkMethods(harness);
    checkQueries(harness);
    checkTelemetry(harness);
    // The SDK's threads must not hold the process.
    System.exit(harness.run() ? 0 : 1);
  }

  private static void checkRegistry(Harness harness) {
    harness.check("registry: a device is created with the keys given, and read back", () -> {
      Device wanted = new Device(newId());
      Device created = registry.addDevice(wanted);
      Device read = registry.getDevice(wanted.getDeviceId());
      equal(wanted.getPrimaryKey(), read.getPrimaryKey());
      equal(DeviceStatus.Enabled, read.getStatus());
      equal(created.getETag(), read.getETag());
      equal(created.getGenerationId(), read.getGenerationId());
    });

    harness.check("registry: a second creation of the same device is a conflict", () -> {
      Device device = newDevice();
      expectRefusal(409, "DeviceAlreadyExists", () -> registry.addDevice(new Device(device.getDeviceId())));
    });

    harness.check("registry: devices are counted", () -> {
      // The SDK looks for the enabled ones under a misspelt name, so that only the others can be compared.
      long before = registry.getStatistics().getTotalDeviceCount();
      newDevice();
      RegistryStatistics after = registry.getStatistics();
      equal(before + 1, after.getTotalDeviceCount());
      expect(after.getDisabledDeviceCount() <= before, after);
    });

    harness.check("registry: a device is disabled", () -> {
      Device device = newDevice();
      device.setStatus(DeviceStatus.Disabled);
      equal(DeviceStatus.Disabled, registry.updateDevice(device).getStatus());
    });

    harness.check("registry: a deleted device is not found, nor is its twin", () -> {
      String id = newDevice().getDeviceId();
      registry.removeDevice(id);
      expectRefusal(404, "DeviceNotFound", () -> registry.getDevice(id));
      expectRefusal(404, "DeviceNotFound", () -> twins.get(id));
    });
  }

  private static void checkTwins(Harness harness) {
    harness.check("twin: tags and desired properties are merged, null removes", () -> {
      String id = newDevice().getDeviceId();
      Twin first = new Twin(id);
      first.getTags().put("site", "Zürich");
      first.getDesiredProperties().put("a", 1);
      first.getDesiredProperties().put("b", "two");
      Twin patched = twins.patch(first);
      equal("Zürich", patched.getTags().get("site"));

      Twin second = new Twin(id);
      second.getDesiredProperties().put("a", null);
      second.getDesiredProperties().put("c", true);
      twins.patch(second);
      Twin read = twins.get(id);
      expect(!read.getDesiredProperties().containsKey("a"), read);
      equal("two", read.getDesiredProperties().get("b"));
      equal(true, read.getDesiredProperties().get("c"));
      equal(3, read.getDesiredProperties().getVersion());
    });

    harness.check("twin: a patch under a stale ETag is refused", () -> {
      String id = newDevice().getDeviceId();
      String stale = twins.get(id).getETag();
      Twin patch = new Twin(id);
      patch.getTags().put("site", "Lyon");
      twins.patch(patch);
      expectRefusal(412, "PreconditionFailed", () -> twins.patch(patch, stale));
    });

    harness.check("twin: replacing drops what is not named", () -> {
      String id = newDevice().getDeviceId();
      Twin patch = new Twin(id);
      patch.getTags().put("old", 1);
      twins.patch(patch);
      Twin replacement = new Twin(id);
      replacement.getTags().put("new", "2");
      Twin replaced = twins.replace(replacement);
      expect(!replaced.getTags().containsKey("old"), replaced);
      equal("2", replaced.getTags().get("new"));
    });

    harness.check("twin: the device reads what the service desires, and the service what the device reports", () -> {
      Device device = newDevice();
      Twin wish = new Twin(device.getDeviceId());
      wish.getDesiredProperties().put("interval", 5);
      twins.patch(wish);
      try (ConnectedDevice connected = new ConnectedDevice(device)) {
        DeviceClient client = connected.client;
        client.subscribeToDesiredProperties((twin, context) -> {}, null);
        com.microsoft.azure.sdk.iot.device.twin.Twin twin = client.getTwin();
        equal(5.0, ((Number) twin.getDesiredProperties().get("interval")).doubleValue());
        twin.getReportedProperties().put("lastReboot", "2026-03-09T07:05:02.041");
        ReportedPropertiesUpdateResponse response =
            client.updateReportedProperties(twin.getReportedProperties());
        equal(2, response.getVersion());
      }
      Twin read = twins.get(device.getDeviceId());
      equal("2026-03-09T07:05:02.041", read.getReportedProperties().get("lastReboot"));
      expect(read.getReportedProperties().getTwinMetadata("lastReboot") != null, read);
    });

    harness.check("twin: a connected device is told of a change of its desired properties", () -> {
      Device device = newDevice();
      BlockingQueue<com.microsoft.azure.sdk.iot.device.twin.Twin> changes = new LinkedBlockingQueue<>();
      try (ConnectedDevice connected = new ConnectedDevice(device)) {
        connected.client.subscribeToDesiredProperties((twin, context) -> changes.add(twin), null);
        Twin wish = new Twin(device.getDeviceId());
        wish.getDesiredProperties().put("mode", "eco");
        twins.patch(wish);
        com.microsoft.azure.sdk.iot.device.twin.Twin change =
            changes.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        expect(change != null, "no change arrived");
        equal("eco", change.getDesiredProperties().get("mode"));
        equal(2, change.getDesiredProperties().getVersion());
      }
    });

    harness.check("twin: the service sees the device connected", () -> {
      Device device = newDevice();
      try (ConnectedDevice connected = new ConnectedDevice(device)) {
        equal("connected", twins.get(device.getDeviceId()).getConnectionState().toLowerCase());
      }
    });
  }

  private static void checkModules(Harness harness) {
    harness.check("module: it is created on its device, listed, read back and deleted", () -> {
      Device device = newDevice();
      Module module = newModule(device);
      List<Module> modules = registry.getModulesOnDevice(device.getDeviceId());
      equal(1, modules.size());
      equal(module.getId(), modules.get(0).getId());
      equal(module.getPrimaryKey(), registry.getModule(device.getDeviceId(), module.getId()).getPrimaryKey());
      registry.removeModule(device.getDeviceId(), module.getId());
      expectRefusal(404, "ModuleNotFound", () -> registry.getModule(device.getDeviceId(), module.getId()));
    });

    harness.check("module: it has a twin, and answers methods, of its own", () -> {
      Device device = newDevice();
      Module module = newModule(device);
      ModuleClient client = new ModuleClient(
          connectionString(device.getDeviceId(), module.getPrimaryKey()) + ";ModuleId=" + module.getId(),
          IotHubClientProtocol.MQTT);
      client.open(false);
      try {
        client.subscribeToDesiredProperties((twin, context) -> {}, null);
        com.microsoft.azure.sdk.iot.device.twin.TwinCollection reported =
            client.getTwin().getReportedProperties();
        reported.put("kWh", "42.5");
        client.updateReportedProperties(reported);
        client.subscribeToMethods((name, payload, context) -> answer(200, name), null);
        DirectMethodResponse response =
            methods.invoke(device.getDeviceId(), module.getId(), "calibrate", methodOptions(null, 10));
        equal("calibrate", response.getPayload(String.class));
      } finally {
        client.close();
      }
      Twin twin = twins.get(device.getDeviceId(), module.getId());
      equal("42.5", twin.getReportedProperties().get("kWh"));
      expect(!twins.get(device.getDeviceId()).getReportedProperties().containsKey("kWh"), twin);
    });
  }

  private static void checkMethods(Harness harness) {
    harness.check("method: name and payload reach the device, status and payload come back", () -> {
      Device device = newDevice();
      try (ConnectedDevice connected = new ConnectedDevice(device)) {
        connected.serve((name, payload, context) -> answer(200, Map.of(
            "heard", name, "with", payload.getPayloadAsJsonString())));
        DirectMethodResponse response = invoke(device, "reboot", Map.of("ü", List.of(1, 2)), 10);
        equal(200, response.getStatus());
        Map<?, ?> body = response.getPayload(Map.class);
        equal("reboot", body.get("heard"));
        equal("{\"ü\":[1,2]}", body.get("with"));
      }
    });

    harness.check("method: an error status comes back as one", () -> {
      Device device = newDevice();
      try (ConnectedDevice connected = new ConnectedDevice(device)) {
        connected.serve((name, payload, context) -> answer(500, "busy"));
        DirectMethodResponse response = invoke(device, "reboot", null, 10);
        equal(500, response.getStatus());
        equal("busy", response.getPayload(String.class));
      }
    });

    harness.check("method: the tutorial's order of things, the answer first and the report later", () -> {
      Device device = newDevice();
      try (ConnectedDevice connected = new ConnectedDevice(device)) {
        DeviceClient client = connected.client;
        client.subscribeToDesiredProperties((twin, context) -> {}, null);
        connected.serve((name, payload, context) -> answer(200, "Started reboot"));
        equal(200, invoke(device, "reboot", null, 10).getStatus());
        com.microsoft.azure.sdk.iot.device.twin.TwinCollection reported =
            client.getTwin().getReportedProperties();
        reported.put("lastReboot", "2026-03-09T07:05:02");
        client.updateReportedProperties(reported);
        Twin read = twins.get(device.getDeviceId());
        equal("2026-03-09T07:05:02", read.getReportedProperties().get("lastReboot"));
      }
    });

    harness.check("method: a device that is not connected is not found, with the hub's reason", () -> {
      Device device = newDevice();
      expectRefusal(404103, "isn't online", () -> invoke(device, "reboot", null, 10));
    });

    harness.check("method: a device that does not answer in time is a timeout", () -> {
      Device device = newDevice();
      CountDownLatch over = new CountDownLatch(1);
      try (ConnectedDevice connected = new ConnectedDevice(device)) {
        connected.serve((name, payload, context) -> {
          await(over);
          return answer(200, "too late");
        });
        expectRefusal(504101, "Timed out", () -> invoke(device, "reboot", null, 5));
        over.countDown();
      }
    });
  }

  private static void checkQueries(Harness harness) {
    harness.check("query: devices are found by tag, page by page", () -> {
      String batch = UUID.randomUUID().toString();
      List<String> ids = new ArrayList<>();
      for (int index = 0; index < 5; index++) {
        String id = newDevice().getDeviceId();
        ids.add(id);
        Twin patch = new Twin(id);
        patch.getTags().put("batch", batch);
        twins.patch(patch);
      }
      TwinQueryResponse response = twins.query(
          "SELECT * FROM devices WHERE tags.batch = '" + batch + "'",
          QueryPageOptions.builder().pageSize(2).build());
      List<String> found = new ArrayList<>();
      while (response.hasNext()) {
        found.add(response.next().getDeviceId());
      }
      found.sort(null);
      ids.sort(null);
      equal(ids, found);
    });

    harness.check("query: text that is no query is refused", () ->
        expectRefusal(400, "ErrorCode:", () -> twins.query("SELECT * FROM devices WHERE tags.site =")));
  }

  private static void checkTelemetry(Harness harness) {
    harness.check("telemetry: a message with properties is acknowledged", () -> {
      try (ConnectedDevice connected = new ConnectedDevice(newDevice())) {
        Message message = new Message("{\"temperature\": 21.5}");
        message.setContentType("application/json");
        message.setContentEncoding("utf-8");
        message.setProperty("alert", "no");
        connected.client.sendEvent(message);
      }
    });
  }

  /** A device on the device SDK, connected until closed. */
  private static final class ConnectedDevice implements AutoCloseable {
    final DeviceClient client;

    ConnectedDevice(Device identity) throws Exception {
      client = new DeviceClient(
          connectionString(identity.getDeviceId(), identity.getPrimaryKey()), IotHubClientProtocol.MQTT);
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

  private static Device newDevice() throws Exception {
    return registry.addDevice(new Device(newId()));
  }

  private static Module newModule(Device device) throws Exception {
    return registry.addModule(new Module(device.getDeviceId(), "meter"));
  }

  private static String connectionString(String deviceId, String key) {
    return "HostName=" + DEVICE_HOST + ";DeviceId=" + deviceId + ";SharedAccessKey=" + key;
  }

  private static String newId() {
    return "java-" + UUID.randomUUID().toString().substring(0, 8);
  }

  private static DirectMethodResponse invoke(
      Device device, String name, Object payload, int responseTimeoutSeconds) throws Exception {
    DirectMethodRequestOptions options = methodOptions(payload, responseTimeoutSeconds);
    return methods.invoke(device.getDeviceId(), name, options);
  }

  /** The SDK's own time for connecting is longer than the shorter times for answering, which the hub refuses. */
  private static DirectMethodRequestOptions methodOptions(Object payload, int responseTimeoutSeconds) {
    return DirectMethodRequestOptions.builder()
        .payload(payload)
        .methodResponseTimeoutSeconds(responseTimeoutSeconds)
        .methodConnectTimeoutSeconds(0)
        .build();
  }

  private static com.microsoft.azure.sdk.iot.device.twin.DirectMethodResponse answer(
      int status, Object payload) {
    return new com.microsoft.azure.sdk.iot.device.twin.DirectMethodResponse(status, payload);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException error) {
      Thread.currentThread().interrupt();
    }
  }

  /** Runs what the hub must refuse with this code, or with this status where the SDK takes no code from the body. */
  private static void expectRefusal(int code, String text, Harness.Check request) throws Exception {
    try {
      request.run();
    } catch (IotHubException error) {
      expect(error.getErrorCode() == code, "expected " + code + ", got " + error.getErrorCode() + ": " + error);
      expect(String.valueOf(error.getMessage()).contains(text), error);
      return;
    }
    throw new AssertionError("expected " + code + ", got an answer");
  }
}
