import queue

from azure.iot.device.exceptions import ClientError
from azure.iot.hub.models import Twin, TwinProperties

from clients import ConnectedDevice, desired, hub, new_device
from harness import PATIENCE_SECONDS, check, eventually, raises, refused


@check("twin.patch", "tags and desired properties are merged, null removes")
def _():
    device = new_device()
    twin = hub.get_twin(device.device_id)
    assert twin.version == 2 and twin.properties.desired["$version"] == 1
    patch = Twin(tags={"site": "Zürich"}, properties=TwinProperties(desired={"a": 1, "b": {"c": 2}}))
    first = hub.update_twin(device.device_id, patch, twin.etag)
    assert first.tags["site"] == "Zürich" and first.properties.desired["b"]["c"] == 2
    patch = desired({"a": None, "b": {"d": 3}})
    second = hub.update_twin(device.device_id, patch, first.etag)
    assert "a" not in second.properties.desired
    assert second.properties.desired["b"] == {"c": 2, "d": 3}
    assert second.properties.desired["$version"] == 3
    assert second.etag != first.etag


@check("twin.stale", "a patch under a stale ETag is refused")
def _():
    device = new_device()
    twin = hub.get_twin(device.device_id)
    patch = Twin(tags={"site": "Lyon"})
    hub.update_twin(device.device_id, patch, twin.etag)
    refused(412, hub.update_twin, device.device_id, patch, twin.etag)


@check("twin.replace", "replacing drops what is not named")
def _():
    device = new_device()
    hub.update_twin(device.device_id, Twin(tags={"old": 1}), "*")
    replacement = Twin(tags={"new": 2}, properties=TwinProperties(desired={"x": [1, 2]}))
    replaced = hub.replace_twin(device.device_id, replacement, "*")
    assert replaced.tags == {"new": 2} and replaced.properties.desired["x"] == [1, 2]


@check("twin.replace-stale", "replacing under a stale ETag is refused")
def _():
    device = new_device()
    stale = hub.get_twin(device.device_id).etag
    hub.update_twin(device.device_id, Twin(tags={"kept": 1}), "*")
    refused(412, hub.replace_twin, device.device_id, Twin(tags={"new": 2}), stale)
    assert hub.get_twin(device.device_id).tags == {"kept": 1}


@check("twin.too-large", "tags of more than 8 KB are refused, and nothing of them is kept")
def _():
    device = new_device()
    large = {f"part{number}": "x" * 4000 for number in range(3)}
    refused(400, hub.update_twin, device.device_id, Twin(tags=large), "*")
    assert not hub.get_twin(device.device_id).tags


@check("twin.report", "the device reads what the service desires, and the service what the device reports")
def _():
    device = new_device()
    hub.update_twin(device.device_id, desired({"interval": 5}), "*")
    with ConnectedDevice(device) as client:
        twin = client.get_twin()
        assert twin["desired"]["interval"] == 5 and twin["desired"]["$version"] == 2
        client.patch_twin_reported_properties({"rebootTime": "2026-03-09 07:05:02", "n": {"m": 1}})
        client.patch_twin_reported_properties({"n": None})
    reported = hub.get_twin(device.device_id).properties.reported
    assert reported["rebootTime"] == "2026-03-09 07:05:02" and "n" not in reported
    assert "rebootTime" in reported["$metadata"] and reported["$version"] == 3


@check("twin.report-refused", "a report that is no twin is refused, and the device goes on")
def _():
    device = new_device()
    with ConnectedDevice(device) as client:
        error = raises(ClientError, client.patch_twin_reported_properties, {"bad.name": 1})
        assert "400" in str(error.__cause__), error.__cause__
        client.patch_twin_reported_properties({"good": True})
        assert client.get_twin()["reported"]["good"] is True


@check("twin.desired", "a connected device is told of a change of its desired properties")
def _():
    device = new_device()
    patches = queue.Queue()
    with ConnectedDevice(device) as client:
        client.on_twin_desired_properties_patch_received = patches.put
        client.get_twin()
        hub.update_twin(device.device_id, desired({"mode": "eco"}), "*")
        assert patches.get(timeout=PATIENCE_SECONDS) == {"mode": "eco", "$version": 2}
        hub.update_twin(device.device_id, desired({"mode": None}), "*")
        assert patches.get(timeout=PATIENCE_SECONDS) == {"mode": None, "$version": 3}
        hub.replace_twin(device.device_id, desired({"fan": {"speed": 3}}), "*")
        assert patches.get(timeout=PATIENCE_SECONDS) == {"fan": {"speed": 3}, "$version": 4}


@check("twin.websocket", "over WebSocket a device reads its twin, is told of changes and reports")
def _():
    device = new_device()
    patches = queue.Queue()
    with ConnectedDevice(device, websockets=True) as client:
        client.on_twin_desired_properties_patch_received = patches.put
        # More than one frame holds.
        large = {f"p{number}": "ü" * 1000 for number in range(6)}
        client.patch_twin_reported_properties(large)
        assert client.get_twin()["reported"]["p5"] == large["p5"]
        hub.update_twin(device.device_id, desired({"mode": "eco"}), "*")
        assert patches.get(timeout=PATIENCE_SECONDS)["mode"] == "eco"
    assert hub.get_twin(device.device_id).properties.reported["p0"] == large["p0"]


@check("twin.connection-state", "the service sees the device come and go")
def _():
    device = new_device()
    with ConnectedDevice(device) as client:
        client.get_twin()
        assert hub.get_twin(device.device_id).connection_state == "Connected"
    eventually(
        lambda: hub.get_twin(device.device_id).connection_state, lambda state: state == "Disconnected"
    )
