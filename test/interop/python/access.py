"""Who is let in: services by their policy's key, devices by theirs."""

from azure.iot.device import IoTHubDeviceClient
from azure.iot.device.exceptions import CredentialError
from azure.iot.hub import IoTHubRegistryManager
from azure.iot.hub.models import Twin
from azure.iot.hub.sastoken import SasToken

from clients import (
    CONNECTION_STRING,
    DEVICE_HOST,
    Connected,
    client_options,
    connection_string,
    hub,
    new_device,
    new_id,
    new_key,
)
from harness import check, raises, refused


@check("access.service-key", "a service with a wrong key is refused")
def _():
    fields = dict(part.split("=", 1) for part in CONNECTION_STRING.split(";"))
    text = ";".join(f"{key}={value}" for key, value in {**fields, "SharedAccessKey": new_key()}.items())
    stranger = IoTHubRegistryManager.from_connection_string(text)
    assert "IotHubUnauthorized" in refused(401, stranger.get_devices)
    refused(401, stranger.get_twin, new_device().device_id)


@check("access.unknown-device", "what is asked of a device that does not exist is not found")
def _():
    nobody = new_id()
    for function in (hub.get_device, hub.get_twin, hub.delete_device):
        refused(404, function, nobody)
    refused(404, hub.update_twin, nobody, Twin(tags={"a": 1}), "*")


@check("access.device-key", "a device with a wrong key is refused, over MQTT and over WebSocket")
def _():
    text = connection_string(new_device(), new_key())
    for websockets in (False, True):
        raises(CredentialError, connect, device_client(text, websockets=websockets))


@check("access.device-missing", "a device that is not registered, or disabled, is refused")
def _():
    gone = new_device()
    hub.delete_device(gone.device_id)
    for device in (gone, new_device("disabled")):
        raises(CredentialError, connect, device_client(connection_string(device)))


@check("access.secondary-key", "a device is let in by its secondary key")
def _():
    device = hub.create_device_with_sas(new_id(), None, None, "enabled")
    secondary = device.authentication.symmetric_key.secondary_key
    connect(device_client(connection_string(device, secondary)))


@check("access.token", "a device is let in by a token of its own making, and not by another's")
def _():
    device, other = new_device(), new_device()
    connect(token_client(device, device.authentication.symmetric_key.primary_key))
    key = other.authentication.symmetric_key.primary_key
    raises(CredentialError, connect, token_client(device, key))


def device_client(text, **options):
    return IoTHubDeviceClient.create_from_connection_string(text, **client_options(**options))


def token_client(device, key):
    token = SasToken(f"{DEVICE_HOST}/devices/{device.device_id}", key)
    return IoTHubDeviceClient.create_from_sastoken(str(token), **client_options())


def connect(client):
    with Connected(client) as connected:
        connected.get_twin()
