import queue

from azure.iot.device import Message
from azure.iot.hub.models import CloudToDeviceMethod, Twin

from clients import ConnectedDevice, desired, hub, new_device, new_key, new_module, serve_methods
from harness import PATIENCE_SECONDS, check, refused


@check("module.identity", "a module is created on its device, listed, read back and deleted")
def _():
    device = new_device()
    module = new_module(device)
    assert [each.module_id for each in hub.get_modules(device.device_id)] == ["meter"]
    assert hub.get_module(device.device_id, "meter").etag == module.etag
    hub.delete_module(device.device_id, "meter")
    refused(404, hub.get_module, device.device_id, "meter")


@check("module.create-twice", "a second creation of the same module is a conflict")
def _():
    device = new_device()
    new_module(device)
    key = new_key()
    text = refused(409, hub.create_module_with_sas, device.device_id, "meter", "", key, key)
    assert "ModuleAlreadyExistsOnDevice" in text, text


@check("module.update", "a module gets new keys under its ETag, and not under a stale one")
def _():
    device = new_device()
    module = new_module(device)
    key = new_key()
    update = (device.device_id, "meter", "me", module.etag, key, key)
    updated = hub.update_module_with_sas(*update)
    assert updated.authentication.symmetric_key.primary_key == key and updated.managed_by == "me"
    refused(412, hub.update_module_with_sas, *update)


@check("module.twin", "a module has a twin of its own")
def _():
    device = new_device()
    module = new_module(device)
    patches = queue.Queue()
    with ConnectedDevice(module) as client:
        client.on_twin_desired_properties_patch_received = patches.put
        client.patch_twin_reported_properties({"kWh": 42.5})
        hub.update_module_twin(device.device_id, "meter", desired({"resolution": 10}), "*")
        assert patches.get(timeout=PATIENCE_SECONDS)["resolution"] == 10
    twin = hub.get_module_twin(device.device_id, "meter")
    assert twin.module_id == "meter" and twin.properties.reported["kWh"] == 42.5
    assert "kWh" not in hub.get_twin(device.device_id).properties.reported


@check("module.twin-replace", "a module's twin is replaced, and not under a stale ETag")
def _():
    device = new_device()
    new_module(device)
    twin = hub.get_module_twin(device.device_id, "meter")
    replaced = hub.replace_module_twin(device.device_id, "meter", Twin(tags={"new": 2}), twin.etag)
    assert replaced.tags == {"new": 2}
    refused(412, hub.replace_module_twin, device.device_id, "meter", Twin(tags={"a": 1}), twin.etag)


@check("module.method", "a module answers methods of its own, over MQTT and over WebSocket")
def _():
    device = new_device()
    module = new_module(device)
    for websockets in (False, True):
        with ConnectedDevice(module, websockets=websockets) as client:
            serve_methods(client, lambda request: (200, {"module": request.name}))
            client.get_twin()
            answer = hub.invoke_device_module_method(device.device_id, "meter", calibrate())
        assert answer.status == 200 and answer.payload == {"module": "calibrate"}


@check("module.method-offline", "a module that is not connected is not found, though its device is there")
def _():
    device = new_device()
    new_module(device)
    with ConnectedDevice(device) as client:
        serve_methods(client, lambda request: (200, None))
        client.get_twin()
        invoke = hub.invoke_device_module_method
        assert "404103" in refused(404, invoke, device.device_id, "meter", calibrate())


@check("module.apart", "a device and its modules are connected side by side, each with its own twin")
def _():
    device = new_device()
    modules = [new_module(device, name) for name in ("meter", "valve")]
    with ConnectedDevice(device) as root, ConnectedDevice(modules[0]) as meter:
        with ConnectedDevice(modules[1]) as valve:
            for client, name in ((root, "root"), (meter, "meter"), (valve, "valve")):
                client.patch_twin_reported_properties({"name": name})
            assert [each.get_twin()["reported"]["name"] for each in (root, meter, valve)] == [
                "root",
                "meter",
                "valve",
            ]


@check("module.output", "a module's message to one of its outputs is acknowledged")
def _():
    with ConnectedDevice(new_module(new_device())) as client:
        message = Message('{"kWh": 42.5}')
        message.custom_properties["unit"] = "kWh/d"
        client.send_message_to_output(message, "readings")


def calibrate():
    return CloudToDeviceMethod(method_name="calibrate", response_timeout_in_seconds=10)
