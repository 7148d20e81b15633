package interop;

import static interop.Harness.PATIENCE_SECONDS;
import static interop.Harness.equal;
import static interop.Harness.eventually;
import static interop.Harness.expect;
import static interop.Hub.expectRefusal;
import static interop.Hub.newDevice;
import static interop.Hub.report;
import static interop.Hub.twins;

import com.microsoft.azure.sdk.iot.device.DeviceClient;
import com.microsoft.azure.sdk.iot.device.IotHubClientProtocol;
import com.microsoft.azure.sdk.iot.service.registry.Device;
import com.microsoft.azure.sdk.iot.service.twin.Twin;
import interop.Hub.ConnectedDevice;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

final class TwinChecks {
  private TwinChecks() {}

  static void add(Harness harness) {
    harness.check("twin.patch", "tags and desired properties are merged, null removes", () -> {
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

    harness.check("twin.stale", "a patch under a stale ETag is refused", () -> {
      String id = newDevice().getDeviceId();
      String stale = twins.get(id).getETag();
      Twin patch = new Twin(id);
      patch.getTags().put("site", "Lyon");
      twins.patch(patch);
      expectRefusal(412, "PreconditionFailed", () -> twins.patch(patch, stale));
    });

    harness.check("twin.replace", "replacing drops what is not named", () -> {
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

    harness.check("twin.report", "the device reads what the service desires, and the service what the device reports", () -> {
      Device device = newDevice();
      Twin wish = new Twin(device.getDeviceId());
      wish.getDesiredProperties().put("interval", 5);
      twins.patch(wish);
      try (ConnectedDevice connected = new ConnectedDevice(device)) {
        DeviceClient client = connected.client;
        client.subscribeToDesiredProperties((twin, context) -> {}, null);
        com.microsoft.azure.sdk.iot.device.twin.Twin twin = client.getTwin();
        equal(5.0, ((Number) twin.getDesiredProperties().get("interval")).doubleValue());
        expect(report(client, Map.of("lastReboot", "2026-03-09T07:05:02.041")) >= 2, "the version stays");
      }
      Twin read = twins.get(device.getDeviceId());
      equal("2026-03-09T07:05:02.041", read.getReportedProperties().get("lastReboot"));
      expect(read.getReportedProperties().getTwinMetadata("lastReboot") != null, read);
    });

    harness.check("twin.desired", "a connected device is told of a change of its desired properties", () -> {
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

    harness.check("twin.connection-state", "the service sees the device connected", () -> {
      Device device = newDevice();
      try (ConnectedDevice connected = new ConnectedDevice(device)) {
        equal("connected", twins.get(device.getDeviceId()).getConnectionState().toLowerCase());
      }
    });

    harness.check("twin.websocket", "over WebSocket a device reads its twin, is told of changes and reports", () -> {
      Device device = newDevice();
      // More than one frame holds.
      String large = "ü".repeat(1000);
      BlockingQueue<com.microsoft.azure.sdk.iot.device.twin.Twin> changes = new LinkedBlockingQueue<>();
      try (ConnectedDevice connected = new ConnectedDevice(device, IotHubClientProtocol.MQTT_WS)) {
        connected.client.subscribeToDesiredProperties((twin, context) -> changes.add(twin), null);
        Map<String, Object> parts = new HashMap<>();
        for (int index = 0; index < 6; index++) {
          parts.put("p" + index, large);
        }
        report(connected.client, parts);
        equal(large, connected.client.getTwin().getReportedProperties().get("p5"));
        Twin wish = new Twin(device.getDeviceId());
        wish.getDesiredProperties().put("mode", "eco");
        twins.patch(wish);
        com.microsoft.azure.sdk.iot.device.twin.Twin change =
            changes.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        expect(change != null, "no change arrived");
        equal("eco", change.getDesiredProperties().get("mode"));
      }
      equal(large, twins.get(device.getDeviceId()).getReportedProperties().get("p0"));
    });

    harness.check("twin.too-large", "tags of more than 8 KB are refused, and nothing of them is kept", () -> {
      String id = newDevice().getDeviceId();
      Twin patch = new Twin(id);
      for (int index = 0; index < 3; index++) {
        patch.getTags().put("part" + index, "x".repeat(4000));
      }
      expectRefusal(400, "", () -> twins.patch(patch));
      equal(0, twins.get(id).getTags().size());
    });

    harness.check("twin.disconnected", "the service sees the device leave", () -> {
      Device device = newDevice();
      new ConnectedDevice(device).close();
      eventually(
          () -> twins.get(device.getDeviceId()).getConnectionState(),
          state -> state.equalsIgnoreCase("disconnected"));
    });
  }
}
