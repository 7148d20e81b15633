"""The service's clients, devices to use up in a check, and what a check does with them.

HUB_CONNECTION_STRING is the service's; HUB_CA_FILE the authority to trust; HUB_DEVICE_HOST the host name devices use;
HUB_DEVICE_CERTIFICATES a folder of self-signed certificates for devices.
"""

import base64
import os
import uuid

from azure.iot.device import IoTHubDeviceClient, IoTHubModuleClient, MethodResponse
from azure.iot.hub import IoTHubJobManager, IoTHubRegistryManager
from azure.iot.hub.models import CloudToDeviceMethod, QuerySpecification, Twin, TwinProperties

CONNECTION_STRING = os.environ["HUB_CONNECTION_STRING"]
DEVICE_HOST = os.environ["HUB_DEVICE_HOST"]
DEVICE_CERTIFICATES = os.environ["HUB_DEVICE_CERTIFICATES"]

hub = IoTHubRegistryManager.from_connection_string(CONNECTION_STRING)
jobs = IoTHubJobManager.from_connection_string(CONNECTION_STRING)


def new_key():
    return base64.b64encode(os.urandom(32)).decode()


def new_id():
    return f"py-{uuid.uuid4().hex[:8]}"


def new_device(status="enabled"):
    """Registers a device of its own for a check, so that no check sees another's."""
    key = new_key()
    return hub.create_device_with_sas(new_id(), key, key, status)


def new_tagged_devices(count, **tags):
    """Devices and the condition that only they meet; `tags` are beside it."""
    batch = uuid.uuid4().hex
    devices = [new_device() for _ in range(count)]
    for device in devices:
        hub.update_twin(device.device_id, Twin(tags={"batch": batch, **tags}), "*")
    return devices, f"tags.batch = '{batch}'"


def new_module(device, module_id="meter"):
    key = new_key()
    return hub.create_module_with_sas(device.device_id, module_id, "", key, key)


def client_options(**options):
    with open(os.environ["HUB_CA_FILE"], encoding="ascii") as ca:
        return {"server_verification_cert": ca.read(), **options}


def connection_string(identity, key=None):
    key = key or identity.authentication.symmetric_key.primary_key
    text = f"HostName={DEVICE_HOST};DeviceId={identity.device_id};SharedAccessKey={key}"
    module_id = getattr(identity, "module_id", None)
    return f"{text};ModuleId={module_id}" if module_id else text


class Connected:
    """A device's or module's client, connected while in its `with` block."""

    def __init__(self, client):
        self.client = client

    def __enter__(self):
        self.client.connect()
        return self.client

    def __exit__(self, *_):
        self.client.shutdown()


class ConnectedDevice(Connected):
    """A device, or a module of one, that connects with its key, over MQTT or over WebSocket."""

    def __init__(self, identity, **options):
        kind = IoTHubModuleClient if getattr(identity, "module_id", None) else IoTHubDeviceClient
        text = connection_string(identity)
        super().__init__(kind.create_from_connection_string(text, **client_options(**options)))


def serve_methods(client, answer):
    def on_request(request):
        status, payload = answer(request)
        client.send_method_response(MethodResponse.create_from_method_request(request, status, payload))

    client.on_method_request_received = on_request


def invoke(device_id, name, payload=None, response_timeout=10, connect_timeout=None):
    method = CloudToDeviceMethod(
        method_name=name,
        payload=payload,
        response_timeout_in_seconds=response_timeout,
        connect_timeout_in_seconds=connect_timeout,
    )
    return hub.invoke_device_method(device_id, method)


def desired(properties):
    return Twin(properties=TwinProperties(desired=properties))


def query_page(text, continuation=None, page_size=None):
    return hub.query_iot_hub(QuerySpecification(query=text), continuation, page_size)


def query(text, page_size=None):
    """All items of all pages, and how many there were on each."""
    items, sizes, continuation = [], [], None
    while True:
        page = query_page(text, continuation, page_size)
        items += page.items
        sizes.append(len(page.items))
        continuation = page.continuation_token
        if not continuation:
            return items, sizes


def query_rows(text):
    """The rows of a query for other things than twins, as the hub wrote them."""
    return [row.additional_properties | _known_fields(row) for row in query(text)[0]]


def _known_fields(row):
    return {
        "deviceId": row.device_id,
        "moduleId": row.module_id,
        "status": row.status,
    }
