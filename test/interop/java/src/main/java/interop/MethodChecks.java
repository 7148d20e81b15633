package interop;

import static interop.Harness.PATIENCE_SECONDS;
import static interop.Harness.equal;
import static interop.Hub.answer;
import static interop.Hub.expectRefusal;
import static interop.Hub.invoke;
import static interop.Hub.methodOptions;
import static interop.Hub.methods;
import static interop.Hub.newDevice;
import static interop.Hub.newId;
import static interop.Hub.report;
import static interop.Hub.twins;

import com.microsoft.azure.sdk.iot.device.DeviceClient;
import com.microsoft.azure.sdk.iot.device.IotHubClientProtocol;
import com.microsoft.azure.sdk.iot.service.methods.DirectMethodResponse;
import com.microsoft.azure.sdk.iot.service.registry.Device;
import com.microsoft.azure.sdk.iot.service.twin.Twin;
import interop.Hub.ConnectedDevice;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

final class MethodChecks {
  private MethodChecks() {}

  static void add(Harness harness) {
    harness.check("method.call", "name and payload reach the device, status and payload come back", () -> {
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

    harness.check("method.error-status", "an error status comes back as one", () -> {
      Device device = newDevice();
      try (ConnectedDevice connected = new ConnectedDevice(device)) {
        connected.serve((name, payload, context) -> answer(500, "busy"));
        DirectMethodResponse response = invoke(device, "reboot", null, 10);
        equal(500, response.getStatus());
        equal("busy", response.getPayload(String.class));
      }
    });

    harness.check("method.tutorial", "the tutorial's order of things, the answer first and the report later", () -> {
      Device device = newDevice();
      try (ConnectedDevice connected = new ConnectedDevice(device)) {
        DeviceClient client = connected.client;
        client.subscribeToDesiredProperties((twin, context) -> {}, null);
        connected.serve((name, payload, context) -> answer(200, "Started reboot"));
        equal(200, invoke(device, "reboot", null, 10).getStatus());
        report(client, Map.of("lastReboot", "2026-03-09T07:05:02"));
        Twin read = twins.get(device.getDeviceId());
        equal("2026-03-09T07:05:02", read.getReportedProperties().get("lastReboot"));
      }
    });

    harness.check("method.offline", "a device that is not connected is not found, with the hub's reason", () -> {
      Device device = newDevice();
      expectRefusal(404103, "isn't online", () -> invoke(device, "reboot", null, 10));
    });

    harness.check("method.timeout", "a device that does not answer in time is a timeout", () -> {
      Device device = newDevice();
      CountDownLatch over = new CountDownLatch(1);
      try (ConnectedDevice connected = new ConnectedDevice(device)) {
        connected.serve((name, payload, context) -> {
          try {
            over.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
          } catch (InterruptedException error) {
            Thread.currentThread().interrupt();
          }
          return answer(200, "too late");
        });
        expectRefusal(504101, "Timed out", () -> invoke(device, "reboot", null, 5));
        over.countDown();
      }
    });

    harness.check("method.websocket", "a device that is connected over WebSocket is called as well", () -> {
      Device device = newDevice();
      try (ConnectedDevice connected = new ConnectedDevice(device, IotHubClientProtocol.MQTT_WS)) {
        connected.serve((name, payload, context) -> answer(200, payload.getPayloadAsJsonString().length()));
        equal(100_002, invoke(device, "measure", "x".repeat(100_000), 10).getPayload(Integer.class));
      }
    });

    harness.check("method.unknown-device", "a device that is not registered is not found, with another reason", () ->
        expectRefusal(404001, "", () -> invoke(new Device(newId()), "reboot", null, 10)));

    harness.check("method.not-served", "a device that is connected but takes no methods is not found", () -> {
      Device device = newDevice();
      try (ConnectedDevice connected = new ConnectedDevice(device)) {
        expectRefusal(404103, "isn't online", () -> invoke(device, "reboot", null, 10));
      }
    });

    harness.check("method.awaited", "a device that connects within the time for connecting is called", () -> {
      Device device = newDevice();
      CompletableFuture<Integer> status = CompletableFuture.supplyAsync(() -> {
        try {
          return methods.invoke(device.getDeviceId(), "reboot", methodOptions(null, 15, 15)).getStatus();
        } catch (Exception error) {
          throw new CompletionException(error);
        }
      });
      try (ConnectedDevice connected = new ConnectedDevice(device)) {
        connected.serve((name, payload, context) -> answer(202, null));
        equal(202, status.get(PATIENCE_SECONDS, TimeUnit.SECONDS));
      }
    });

    harness.check("method.bounds", "a time for connecting longer than that for answering is refused", () -> {
      Device device = newDevice();
      expectRefusal(400004, "", () ->
          methods.invoke(device.getDeviceId(), "reboot", methodOptions(null, 10, 11)));
    });
  }
}
