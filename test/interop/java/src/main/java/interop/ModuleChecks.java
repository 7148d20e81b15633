package interop;

import static interop.Harness.equal;
import static interop.Harness.expect;
import static interop.Hub.answer;
import static interop.Hub.connectionString;
import static interop.Hub.expectRefusal;
import static interop.Hub.methodOptions;
import static interop.Hub.methods;
import static interop.Hub.newDevice;
import static interop.Hub.newModule;
import static interop.Hub.registry;
import static interop.Hub.report;
import static interop.Hub.twins;

import com.microsoft.azure.sdk.iot.device.IotHubClientProtocol;
import com.microsoft.azure.sdk.iot.device.ModuleClient;
import com.microsoft.azure.sdk.iot.service.methods.DirectMethodResponse;
import com.microsoft.azure.sdk.iot.service.registry.Device;
import com.microsoft.azure.sdk.iot.service.registry.Module;
import com.microsoft.azure.sdk.iot.service.twin.Twin;
import interop.Hub.ConnectedDevice;
import java.util.List;
import java.util.Map;

final class ModuleChecks {
  private ModuleChecks() {}

  static void add(Harness harness) {
    harness.check("module.identity", "a module is created on its device, listed, read back and deleted", () -> {
      Device device = newDevice();
      Module module = newModule(device);
      List<Module> modules = registry.getModulesOnDevice(device.getDeviceId());
      equal(1, modules.size());
      equal(module.getId(), modules.get(0).getId());
      equal(module.getPrimaryKey(), registry.getModule(device.getDeviceId(), module.getId()).getPrimaryKey());
      registry.removeModule(device.getDeviceId(), module.getId());
      expectRefusal(404, "ModuleNotFound", () -> registry.getModule(device.getDeviceId(), module.getId()));
    });

    harness.check("module.twin", "a module has a twin, and answers methods, of its own", () -> {
      Device device = newDevice();
      Module module = newModule(device);
      ModuleClient client = new ModuleClient(
          connectionString(device.getDeviceId(), module.getPrimaryKey()) + ";ModuleId=" + module.getId(),
          IotHubClientProtocol.MQTT);
      client.open(false);
      try {
        client.subscribeToDesiredProperties((twin, context) -> {}, null);
        report(client, Map.of("kWh", "42.5"));
        client.subscribeToMethods((name, payload, context) -> answer(200, name), null);
        DirectMethodResponse response =
            methods.invoke(device.getDeviceId(), module.getId(), "calibrate", methodOptions(null, 10, 0));
        equal("calibrate", response.getPayload(String.class));
      } finally {
        client.close();
      }
      Twin twin = twins.get(device.getDeviceId(), module.getId());
      equal("42.5", twin.getReportedProperties().get("kWh"));
      expect(!twins.get(device.getDeviceId()).getReportedProperties().containsKey("kWh"), twin);
    });

    harness.check("module.update", "a module is updated, and a second of its name is a conflict", () -> {
      Device device = newDevice();
      Module module = newModule(device);
      equal(module.getPrimaryKey(), registry.updateModule(module).getPrimaryKey());
      expectRefusal(409, "ModuleAlreadyExistsOnDevice", () -> newModule(device));
    });

    harness.check("module.twin-replace", "a module's twin is replaced, and not under a stale ETag", () -> {
      Device device = newDevice();
      newModule(device);
      Twin twin = twins.get(device.getDeviceId(), "meter");
      Twin replacement = new Twin(device.getDeviceId(), "meter");
      replacement.getTags().put("new", "2");
      equal("2", twins.replace(replacement, twin.getETag()).getTags().get("new"));
      expectRefusal(412, "PreconditionFailed", () -> twins.replace(replacement, twin.getETag()));
    });

    harness.check("module.offline", "a module that is not connected is not found, though its device is there", () -> {
      Device device = newDevice();
      newModule(device);
      try (ConnectedDevice connected = new ConnectedDevice(device)) {
        connected.serve((name, payload, context) -> answer(200, null));
        expectRefusal(404103, "", () ->
            methods.invoke(device.getDeviceId(), "meter", "calibrate", methodOptions(null, 10, 0)));
      }
    });
  }
}
