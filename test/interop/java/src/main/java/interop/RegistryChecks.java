package interop;

import static interop.Harness.PATIENCE_SECONDS;
import static interop.Harness.equal;
import static interop.Harness.expect;
import static interop.Hub.expectRefusal;
import static interop.Hub.newDevice;
import static interop.Hub.newId;
import static interop.Hub.registry;
import static interop.Hub.twins;

import com.microsoft.azure.sdk.iot.device.transport.IotHubConnectionStatus;
import com.microsoft.azure.sdk.iot.service.registry.Device;
import com.microsoft.azure.sdk.iot.service.registry.DeviceStatus;
import com.microsoft.azure.sdk.iot.service.registry.RegistryStatistics;
import interop.Hub.ConnectedDevice;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

final class RegistryChecks {
  private RegistryChecks() {}

  static void add(Harness harness) {
    harness.check("registry.create", "a device is created with the keys given, and read back", () -> {
      Device wanted = new Device(newId());
      Device created = registry.addDevice(wanted);
      Device read = registry.getDevice(wanted.getDeviceId());
      equal(wanted.getPrimaryKey(), read.getPrimaryKey());
      equal(DeviceStatus.Enabled, read.getStatus());
      equal(created.getETag(), read.getETag());
      equal(created.getGenerationId(), read.getGenerationId());
    });

    harness.check("registry.create-twice", "a second creation of the same device is a conflict", () -> {
      Device device = newDevice();
      expectRefusal(409, "DeviceAlreadyExists", () -> registry.addDevice(new Device(device.getDeviceId())));
    });

    harness.check("registry.count", "devices are counted", () -> {
      // The SDK looks for the enabled ones under a misspelt name, so that only the others can be compared.
      long before = registry.getStatistics().getTotalDeviceCount();
      newDevice();
      RegistryStatistics after = registry.getStatistics();
      equal(before + 1, after.getTotalDeviceCount());
      expect(after.getDisabledDeviceCount() <= before, after);
    });

    harness.check("registry.update", "a device is disabled", () -> {
      Device device = newDevice();
      device.setStatus(DeviceStatus.Disabled);
      equal(DeviceStatus.Disabled, registry.updateDevice(device).getStatus());
    });

    harness.check("registry.delete", "a deleted device is not found, nor is its twin", () -> {
      String id = newDevice().getDeviceId();
      registry.removeDevice(id);
      expectRefusal(404, "DeviceNotFound", () -> registry.getDevice(id));
      expectRefusal(404, "DeviceNotFound", () -> twins.get(id));
    });

    harness.check("registry.delete-stale", "a device is not deleted under a stale ETag", () -> {
      Device stale = newDevice();
      Device current = registry.getDevice(stale.getDeviceId());
      current.setStatus(DeviceStatus.Disabled);
      registry.updateDevice(current);
      expectRefusal(412, "", () -> registry.removeDevice(stale));
      equal(DeviceStatus.Disabled, registry.getDevice(stale.getDeviceId()).getStatus());
    });

    harness.check("registry.recreate", "a device of the same name is another one", () -> {
      Device device = newDevice();
      registry.removeDevice(device.getDeviceId());
      Device again = registry.addDevice(new Device(device.getDeviceId()));
      expect(!again.getGenerationId().equals(device.getGenerationId()), again.getGenerationId());
    });

    harness.check("registry.disable-connected", "a device that is disabled loses its connection", () -> {
      Device device = newDevice();
      CountDownLatch lost = new CountDownLatch(1);
      try (ConnectedDevice connected = new ConnectedDevice(device)) {
        connected.client.setConnectionStatusChangeCallback(context -> {
          if (context.getNewStatus() != IotHubConnectionStatus.CONNECTED) {
            lost.countDown();
          }
        }, null);
        device.setStatus(DeviceStatus.Disabled);
        registry.updateDevice(device);
        expect(lost.await(PATIENCE_SECONDS, TimeUnit.SECONDS), "the connection was kept");
      }
    });
  }
}
