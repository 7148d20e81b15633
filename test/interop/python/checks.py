"""The official Python SDKs against a hub: each check prints one TAP line, and any failure ends in status 1.

HUB_CONNECTION_STRING is the service's; HUB_CA_FILE the authority to trust; HUB_DEVICE_HOST the host name devices use.
"""

import base64
import os
import queue
import sys
import threading
import traceback
import uuid

from azure.iot.device import IoTHubDeviceClient, IoTHubModuleClient, Message, MethodResponse
from azure.iot.hub import IoTHubRegistryManager
from azure.iot.hub.models import (
    CloudToDeviceMethod,
    ExportImportDevice,
    QuerySpecification,
    Twin,
    TwinProperties,
)
from msrest.exceptions import HttpOperationError

PATIENCE_SECONDS = 20

hub = IoTHubRegistryManager.from_connection_string(os.environ["HUB_CONNECTION_STRING"])
checks = []


def check(name):
    def add(function):
        checks.append((name, function))
        return function

    return add


# --- helpers ---------------------------------------------------------------------------------------------------------


def new_key():
    return base64.b64encode(os.urandom(32)).decode()


def new_device():
    """Registers a device of its own for a check, so that no check sees another's."""
    key = new_key()
    return hub.create_device_with_sas(f"py-{uuid.uuid4().hex[:8]}", key, key, "enabled")


def new_module(device):
    key = new_key()
    return hub.create_module_with_sas(device.device_id, "meter", "", key, key)


class ConnectedDevice:
    """A device, or a module of one, on the device SDK, connected while in its `with` block."""

    def __init__(self, identity):
        key = identity.authentication.symmetric_key.primary_key
        host = os.environ["HUB_DEVICE_HOST"]
        text = f"HostName={host};DeviceId={identity.device_id};SharedAccessKey={key}"
        module_id = getattr(identity, "module_id", None)
        kind = IoTHubModuleClient if module_id else IoTHubDeviceClient
        if module_id:
            text += f";ModuleId={module_id}"
        with open(os.environ["HUB_CA_FILE"], encoding="ascii") as ca:
            self.client = kind.create_from_connection_string(text, server_verification_cert=ca.read())

    def __enter__(self):
        self.client.connect()
        return self.client

    def __exit__(self, *_):
        self.client.shutdown()


def serve_methods(client, answer):
    def on_request(request):
        status, payload = answer(request)
        client.send_method_response(MethodResponse.create_from_method_request(request, status, payload))

    client.on_method_request_received = on_request


def invoke(device_id, name, payload=None, response_timeout=10):
    method = CloudToDeviceMethod(
        method_name=name, payload=payload, response_timeout_in_seconds=response_timeout
    )
    return hub.invoke_device_method(device_id, method)


def refused(status, function, *arguments):
    """Runs what the hub must refuse with this status, and gives the refusal's text."""
    try:
        function(*arguments)
    except HttpOperationError as error:
        assert error.response.status_code == status, f"{error.response.status_code}: {error.response.text}"
        return error.response.text
    raise AssertionError(f"expected status {status}, got an answer")


def query(text, page_size=None):
    """All items of all pages, and how many there were on each."""
    specification = QuerySpecification(query=text)
    items, sizes, continuation = [], [], None
    while True:
        page = hub.query_iot_hub(specification, continuation, page_size)
        items += page.items
        sizes.append(len(page.items))
        continuation = page.continuation_token
        if not continuation:
            return items, sizes


# --- registry --------------------------------------------------------------------------------------------------------


@check("registry: a device is created with the keys given, and read back")
def _():
    key = new_key()
    created = hub.create_device_with_sas(f"py-{uuid.uuid4().hex[:8]}", key, key, "enabled")
    read = hub.get_device(created.device_id)
    assert read.authentication.symmetric_key.primary_key == key
    assert read.status == "enabled" and read.connection_state == "Disconnected"
    assert read.etag == created.etag and read.generation_id == created.generation_id


@check("registry: a second creation of the same device is a conflict")
def _():
    device = new_device()
    key = new_key()
    text = refused(409, hub.create_device_with_sas, device.device_id, key, key, "enabled")
    assert "DeviceAlreadyExists" in text, text


@check("registry: devices are listed and counted")
def _():
    device = new_device()
    assert device.device_id in [each.device_id for each in hub.get_devices()]
    statistics = hub.get_device_registry_statistics()
    assert statistics.total_device_count >= 1
    assert statistics.total_device_count == (
        statistics.enabled_device_count + statistics.disabled_device_count
    )


@check("registry: a device is disabled under its ETag, and not under a stale one")
def _():
    device = new_device()
    keys = device.authentication.symmetric_key
    update = (device.device_id, device.etag, keys.primary_key, keys.secondary_key, "disabled")
    updated = hub.update_device_with_sas(*update)
    assert updated.status == "disabled" and updated.etag != device.etag
    refused(412, hub.update_device_with_sas, *update)


@check("registry: a deleted device is not found, nor is its twin")
def _():
    device = new_device()
    hub.delete_device(device.device_id)
    assert "DeviceNotFound" in refused(404, hub.get_device, device.device_id)
    refused(404, hub.get_twin, device.device_id)


@check("registry: devices are registered in bulk, and each failure is told of its device")
def _():
    taken, fresh = new_device().device_id, f"py-{uuid.uuid4().hex[:8]}"
    devices = [
        ExportImportDevice(id=name, import_mode="create", status="enabled") for name in (taken, fresh)
    ]
    result = hub.bulk_create_or_update_devices(devices)
    assert not result.is_successful
    assert [error.device_id for error in result.errors] == [taken], result.errors
    assert hub.get_device(fresh).status == "enabled"


# --- twins -----------------------------------------------------------------------------------------------------------


@check("twin: tags and desired properties are merged, null removes")
def _():
    device = new_device()
    twin = hub.get_twin(device.device_id)
    assert twin.version == 2 and twin.properties.desired["$version"] == 1
    patch = Twin(tags={"site": "Zürich"}, properties=TwinProperties(desired={"a": 1, "b": {"c": 2}}))
    first = hub.update_twin(device.device_id, patch, twin.etag)
    assert first.tags["site"] == "Zürich" and first.properties.desired["b"]["c"] == 2
    patch = Twin(properties=TwinProperties(desired={"a": None, "b": {"d": 3}}))
    second = hub.update_twin(device.device_id, patch, first.etag)
    assert "a" not in second.properties.desired
    assert second.properties.desired["b"] == {"c": 2, "d": 3}
    assert second.properties.desired["$version"] == 3
    assert second.etag != first.etag


@check("twin: a patch under a stale ETag is refused")
def _():
    device = new_device()
    twin = hub.get_twin(device.device_id)
    patch = Twin(tags={"site": "Lyon"})
    hub.update_twin(device.device_id, patch, twin.etag)
    refused(412, hub.update_twin, device.device_id, patch, twin.etag)


@check("twin: replacing drops what is not named")
def _():
    device = new_device()
    hub.update_twin(device.device_id, Twin(tags={"old": 1}), "*")
    replacement = Twin(tags={"new": 2}, properties=TwinProperties(desired={"x": [1, 2]}))
    replaced = hub.replace_twin(device.device_id, replacement, "*")
    assert replaced.tags == {"new": 2} and replaced.properties.desired["x"] == [1, 2]


@check("twin: the device reads what the service desires, and the service what the device reports")
def _():
    device = new_device()
    hub.update_twin(device.device_id, Twin(properties=TwinProperties(desired={"interval": 5})), "*")
    with ConnectedDevice(device) as client:
        twin = client.get_twin()
        assert twin["desired"]["interval"] == 5 and twin["desired"]["$version"] == 2
        client.patch_twin_reported_properties({"rebootTime": "2026-03-09 07:05:02", "n": {"m": 1}})
        client.patch_twin_reported_properties({"n": None})
    reported = hub.get_twin(device.device_id).properties.reported
    assert reported["rebootTime"] == "2026-03-09 07:05:02" and "n" not in reported
    assert "rebootTime" in reported["$metadata"] and reported["$version"] == 3


@check("twin: a connected device is told of a change of its desired properties")
def _():
    device = new_device()
    patches = queue.Queue()
    with ConnectedDevice(device) as client:
        client.on_twin_desired_properties_patch_received = patches.put
        client.get_twin()
        hub.update_twin(device.device_id, Twin(properties=TwinProperties(desired={"mode": "eco"})), "*")
        patch = patches.get(timeout=PATIENCE_SECONDS)
    assert patch == {"mode": "eco", "$version": 2}, patch


@check("twin: the service sees the device come and go")
def _():
    device = new_device()
    with ConnectedDevice(device) as client:
        client.get_twin()
        assert hub.get_twin(device.device_id).connection_state == "Connected"


# --- modules ---------------------------------------------------------------------------------------------------------


@check("module: it is created on its device, listed, read back and deleted")
def _():
    device = new_device()
    module = new_module(device)
    assert [each.module_id for each in hub.get_modules(device.device_id)] == ["meter"]
    assert hub.get_module(device.device_id, "meter").etag == module.etag
    hub.delete_module(device.device_id, "meter")
    refused(404, hub.get_module, device.device_id, "meter")


@check("module: it has a twin of its own")
def _():
    device = new_device()
    module = new_module(device)
    patches = queue.Queue()
    with ConnectedDevice(module) as client:
        client.on_twin_desired_properties_patch_received = patches.put
        client.patch_twin_reported_properties({"kWh": 42.5})
        wish = Twin(properties=TwinProperties(desired={"resolution": 10}))
        hub.update_module_twin(device.device_id, "meter", wish, "*")
        assert patches.get(timeout=PATIENCE_SECONDS)["resolution"] == 10
    twin = hub.get_module_twin(device.device_id, "meter")
    assert twin.module_id == "meter" and twin.properties.reported["kWh"] == 42.5
    assert "kWh" not in hub.get_twin(device.device_id).properties.reported


@check("module: it answers methods of its own")
def _():
    device = new_device()
    module = new_module(device)
    with ConnectedDevice(module) as client:
        serve_methods(client, lambda request: (200, {"module": request.name}))
        client.get_twin()
        method = CloudToDeviceMethod(method_name="calibrate", response_timeout_in_seconds=10)
        answer = hub.invoke_device_module_method(device.device_id, "meter", method)
    assert answer.status == 200 and answer.payload == {"module": "calibrate"}


# --- direct methods --------------------------------------------------------------------------------------------------


@check("method: name and payload reach the device, status and payload come back")
def _():
    device = new_device()
    with ConnectedDevice(device) as client:
        serve_methods(client, lambda request: (200, {"heard": request.name, "with": request.payload}))
        client.get_twin()
        answer = invoke(device.device_id, "rebootDevice", {"method_number": "42", "ü": [1, None]})
    assert answer.status == 200
    assert answer.payload == {"heard": "rebootDevice", "with": {"method_number": "42", "ü": [1, None]}}


@check("method: no payload arrives as the SDK sends it, and an error status comes back as one")
def _():
    device = new_device()
    with ConnectedDevice(device) as client:
        serve_methods(client, lambda request: (500, {"heard": request.payload}))
        client.get_twin()
        answer = invoke(device.device_id, "reboot")
    # The service SDK puts an empty text where there is no payload.
    assert answer.status == 500 and answer.payload == {"heard": ""}, answer.payload


@check("method: the tutorial's order of things, the report first and the answer last")
def _():
    device = new_device()

    with ConnectedDevice(device) as client:

        def reboot(_):
            client.patch_twin_reported_properties({"rebootTime": "2026-03-09 07:05:02.041000"})
            return 200, {"Response": "rebooted"}

        serve_methods(client, reboot)
        client.get_twin()
        answer = invoke(device.device_id, "rebootDevice")
        reported = hub.get_twin(device.device_id).properties.reported
    assert answer.payload == {"Response": "rebooted"}
    assert reported["rebootTime"] == "2026-03-09 07:05:02.041000"


@check("method: a device that is not connected is not found, with the hub's reason")
def _():
    device = new_device()
    assert "404103" in refused(404, invoke, device.device_id, "reboot")


@check("method: a device that does not answer in time is a timeout")
def _():
    device = new_device()
    with ConnectedDevice(device) as client:
        client.on_method_request_received = lambda request: None
        client.get_twin()
        assert "504101" in refused(504, invoke, device.device_id, "reboot", None, 5)


# --- queries ---------------------------------------------------------------------------------------------------------


@check("query: devices are found by tag and by what they report")
def _():
    device, other = new_device(), new_device()
    batch = uuid.uuid4().hex
    for each in (device, other):
        hub.update_twin(each.device_id, Twin(tags={"batch": batch}), "*")
    with ConnectedDevice(device) as client:
        client.patch_twin_reported_properties({"battery": {"level": 12}})
    items, _ = query(
        f"SELECT * FROM devices WHERE tags.batch = '{batch}' AND properties.reported.battery.level < 20"
    )
    assert [item.device_id for item in items] == [device.device_id]
    assert items[0].properties.reported["battery"] == {"level": 12}


@check("query: pages follow each other to the last")
def _():
    batch = uuid.uuid4().hex
    devices = [new_device().device_id for _ in range(5)]
    for device_id in devices:
        hub.update_twin(device_id, Twin(tags={"batch": batch}), "*")
    items, sizes = query(f"SELECT * FROM devices WHERE tags.batch = '{batch}'", 2)
    assert sorted(item.device_id for item in items) == sorted(devices)
    assert max(sizes) <= 2 and len(sizes) >= 3, sizes


@check("query: text that is no query is refused")
def _():
    refused(400, query, "SELECT * FORM devices")


# --- telemetry -------------------------------------------------------------------------------------------------------


@check("telemetry: a message with properties is acknowledged")
def _():
    message = Message('{"temperature": 21.5}', content_encoding="utf-8", content_type="application/json")
    message.custom_properties["alert"] = "no & yes"
    with ConnectedDevice(new_device()) as client:
        client.send_message(message)


def run(name, function):
    """Runs a check within its time; a hub that keeps silent must not keep the others from running."""
    failures = []

    def work():
        try:
            function()
        except Exception:  # a check may fail in any way it likes
            failures.append(traceback.format_exc().strip())

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    thread.join(3 * PATIENCE_SECONDS)
    if thread.is_alive():
        failures.append("the hub kept silent")
    print(f"{'not ok' if failures else 'ok'} - {name}")
    for line in "\n".join(failures).splitlines():
        print(f"  # {line}")
    sys.stdout.flush()
    return not failures


if __name__ == "__main__":
    passed = [run(name, function) for name, function in checks]
    sys.stdout.flush()
    # Threads of a check that hung must not hold the process.
    os._exit(0 if all(passed) else 1)
