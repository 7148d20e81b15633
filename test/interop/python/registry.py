import queue

from azure.iot.hub.models import ExportImportDevice, PropertyContainer

from clients import (
    ConnectedDevice,
    hub,
    new_device,
    new_id,
    new_key,
    new_module,
)
from harness import check, eventually, refused


@check("registry.create", "a device is created with the keys given, and read back")
def _():
    key = new_key()
    created = hub.create_device_with_sas(new_id(), key, key, "enabled")
    read = hub.get_device(created.device_id)
    assert read.authentication.symmetric_key.primary_key == key
    assert read.status == "enabled" and read.connection_state == "Disconnected"
    assert read.etag == created.etag and read.generation_id == created.generation_id


@check("registry.generate-keys", "a device that is created without keys gets two")
def _():
    created = hub.create_device_with_sas(new_id(), None, None, "enabled", status_reason="new")
    keys = created.authentication.symmetric_key
    assert len(keys.primary_key) == 44 and len(keys.secondary_key) == 44
    assert keys.primary_key != keys.secondary_key and created.status_reason == "new"


@check("registry.create-twice", "a second creation of the same device is a conflict")
def _():
    device = new_device()
    key = new_key()
    text = refused(409, hub.create_device_with_sas, device.device_id, key, key, "enabled")
    assert "DeviceAlreadyExists" in text, text


@check("registry.bad-key", "a key of the wrong length is refused")
def _():
    refused(400, hub.create_device_with_sas, new_id(), "c2hvcnQ=", "c2hvcnQ=", "enabled")


@check("registry.list", "devices are listed and counted")
def _():
    device = new_device()
    assert device.device_id in [each.device_id for each in hub.get_devices()]
    assert len(hub.get_devices(1)) == 1
    statistics = hub.get_device_registry_statistics()
    assert statistics.total_device_count >= 1
    assert statistics.total_device_count == (
        statistics.enabled_device_count + statistics.disabled_device_count
    )


@check("registry.count-connected", "connected devices are counted")
def _():
    with ConnectedDevice(new_device()):
        assert hub.get_service_statistics().connected_device_count >= 1


@check("registry.update", "a device is disabled under its ETag, and not under a stale one")
def _():
    device = new_device()
    keys = device.authentication.symmetric_key
    update = (device.device_id, device.etag, keys.primary_key, keys.secondary_key, "disabled")
    updated = hub.update_device_with_sas(*update)
    assert updated.status == "disabled" and updated.etag != device.etag
    refused(412, hub.update_device_with_sas, *update)


@check("registry.disable-connected", "a device that is disabled loses its connection")
def _():
    device = new_device()
    keys = device.authentication.symmetric_key
    states = queue.Queue()
    with ConnectedDevice(device, connection_retry=False) as client:
        client.on_connection_state_change = lambda: states.put(client.connected)
        hub.update_device_with_sas(
            device.device_id, device.etag, keys.primary_key, keys.secondary_key, "disabled"
        )
        assert states.get(timeout=20) is False
    eventually(lambda: hub.get_device(device.device_id).connection_state, lambda it: it == "Disconnected")


@check("registry.delete", "a deleted device is not found, nor is its twin")
def _():
    device = new_device()
    hub.delete_device(device.device_id)
    assert "DeviceNotFound" in refused(404, hub.get_device, device.device_id)
    refused(404, hub.get_twin, device.device_id)


@check("registry.delete-stale", "a device is not deleted under a stale ETag")
def _():
    device = new_device()
    refused(412, hub.delete_device, device.device_id, "c3RhbGU=")
    assert hub.get_device(device.device_id).etag == device.etag


@check("registry.recreate", "a device of the same name is another one")
def _():
    device = new_device()
    hub.delete_device(device.device_id)
    again = hub.create_device_with_sas(device.device_id, None, None, "enabled")
    assert again.generation_id != device.generation_id


@check("bulk.create", "devices are registered in bulk, and each failure is told of its device")
def _():
    taken, fresh = new_device().device_id, new_id()
    result = write_in_bulk(
        ExportImportDevice(id=name, import_mode="create", status="enabled") for name in (taken, fresh)
    )
    assert not result.is_successful
    assert [error.device_id for error in result.errors] == [taken], result.errors
    assert hub.get_device(fresh).status == "enabled"


@check("bulk.update", "devices are updated in bulk, under their ETag where that is asked")
def _():
    current, stale = new_device(), new_device()
    result = write_in_bulk(
        ExportImportDevice(
            id=device.device_id,
            import_mode="updateIfMatchETag",
            e_tag=etag,
            status="disabled",
            authentication=device.authentication,
        )
        for device, etag in ((current, current.etag), (stale, "c3RhbGU="))
    )
    assert [error.device_id for error in result.errors] == [stale.device_id], result.errors
    updated = hub.get_device(current.device_id)
    assert updated.status == "disabled"
    assert updated.authentication.symmetric_key.primary_key == (
        current.authentication.symmetric_key.primary_key
    )
    assert hub.get_device(stale.device_id).status == "enabled"


@check("bulk.twins", "twins are written in bulk, with the device or after it")
def _():
    device, fresh = new_device().device_id, new_id()
    result = write_in_bulk(
        [
            ExportImportDevice(
                id=fresh,
                import_mode="create",
                status="enabled",
                tags={"site": "Graz"},
                properties=PropertyContainer(desired={"interval": 5}),
            ),
            ExportImportDevice(
                id=device,
                import_mode="updateTwin",
                tags={"site": "Linz"},
                properties=PropertyContainer(desired={"interval": 7}),
            ),
        ]
    )
    assert result.is_successful, result.errors
    for name, site, interval in ((fresh, "Graz", 5), (device, "Linz", 7)):
        twin = hub.get_twin(name)
        assert twin.tags == {"site": site} and twin.properties.desired["interval"] == interval, twin


@check("bulk.modules", "modules are registered in bulk on their devices")
def _():
    device = new_device().device_id
    result = write_in_bulk(
        ExportImportDevice(id=device, module_id=name, import_mode="create") for name in ("a", "b")
    )
    assert result.is_successful, result.errors
    assert sorted(each.module_id for each in hub.get_modules(device)) == ["a", "b"]


@check("bulk.delete", "devices are deleted in bulk, with their modules")
def _():
    devices = [new_device() for _ in range(3)]
    new_module(devices[0])
    result = write_in_bulk(
        ExportImportDevice(id=device.device_id, import_mode="delete") for device in devices
    )
    assert result.is_successful, result.errors
    for device in devices:
        refused(404, hub.get_device, device.device_id)


@check("bulk.too-many", "more than a hundred devices at once are refused")
def _():
    # The SDK reads the refusal as a result that says nothing.
    names = [new_id() for _ in range(101)]
    result = write_in_bulk(ExportImportDevice(id=name, import_mode="create") for name in names)
    assert not result.is_successful
    refused(404, hub.get_device, names[0])


def write_in_bulk(devices):
    return hub.bulk_create_or_update_devices(list(devices))
