"""Messages: to devices, which services send over AMQP, and from them.

What became of a message the SDK asks only over HTTPS. Its function for that throws the answer away, unless it is asked
for the raw one.
"""

import queue
import time

from azure.iot.device import Message
from azure.iot.hub import IoTHubHttpRuntimeManager, IoTHubRegistryManager
from msrest.exceptions import HttpOperationError
from uamqp import TransportType

from clients import CONNECTION_STRING, ConnectedDevice, hub, new_device, new_id, new_module
from harness import PATIENCE_SECONDS, check, eventually, raises

ACCENTS = "Grüße"

runtime = IoTHubHttpRuntimeManager.from_connection_string(CONNECTION_STRING)


@check("message.receive", "a message that a service sends over AMQP reaches the device, with its properties")
def _():
    device = new_device()
    with ConnectedDevice(device) as client:
        messages = receive_from(client)
        send_greeting(hub, device)
        expect_greeting(messages)
    eventually(lambda: queued(device), lambda count: count == 0)


@check("message.receive-websocket", "it reaches a device that is connected over WebSocket, too")
def _():
    device = new_device()
    with ConnectedDevice(device, websockets=True) as client:
        messages = receive_from(client)
        send_greeting(hub, device)
        expect_greeting(messages)


@check("message.send-websocket", "a service may send over AMQP over WebSocket as well")
def _():
    device = new_device()
    service = IoTHubRegistryManager.from_connection_string(
        CONNECTION_STRING, transport_type=TransportType.AmqpOverWebsocket
    )
    with ConnectedDevice(device) as client:
        messages = receive_from(client)
        send_greeting(service, device)
        expect_greeting(messages)


@check("message.queue", "messages wait for a device that is away, and come in their order")
def _():
    device = new_device()
    for number in range(5):
        hub.send_c2d_message(device.device_id, f"number {number}")
    assert queued(device) == 5
    with ConnectedDevice(device) as client:
        messages = receive_from(client)
        received = [messages.get(timeout=PATIENCE_SECONDS).data.decode() for _ in range(5)]
    assert received == [f"number {number}" for number in range(5)]
    eventually(lambda: queued(device), lambda count: count == 0)


@check("message.full", "no more than fifty messages wait for a device")
def _():
    device = new_device()
    for _ in range(50):
        hub.send_c2d_message(device.device_id, "wait")
    # The SDK tries again a few times before it gives up.
    raises(Exception, hub.send_c2d_message, device.device_id, "one too many")
    assert queued(device) == 50


@check("message.purge", "what waits for a device is purged")
def _():
    device = new_device()
    hub.send_c2d_message(device.device_id, "never read")
    purge = hub.protocol.cloud_to_device_messages.purge_cloud_to_device_message_queue
    purged = purge(device.device_id)
    assert purged.total_messages_purged == 1 and purged.device_id == device.device_id
    assert queued(device) == 0


@check("message.feedback", "a service hears over HTTPS what became of a message, gives that back, and completes it")
def _():
    device = new_device()
    hub.send_c2d_message(device.device_id, "x", properties={"iothub-ack": "full"})
    hub.protocol.cloud_to_device_messages.purge_cloud_to_device_message_queue(device.device_id)
    lock = receive_feedback(device)
    runtime.abandon_feedback_notification(lock)
    again = receive_feedback(device)
    assert again != lock, lock
    runtime.complete_feedback_notification(again)
    error = raises(HttpOperationError, runtime.complete_feedback_notification, again)
    assert error.response.status_code == 412, error


@check("message.expire", "a message is not kept beyond its time")
def _():
    device = new_device()
    soon = int(time.time() * 1000) + 1500
    hub.send_c2d_message(device.device_id, "soon stale", {"expiryTimeUtc": soon})
    hub.send_c2d_message(device.device_id, "fresh")
    eventually(lambda: queued(device), lambda count: count == 1)
    with ConnectedDevice(device) as client:
        assert receive_from(client).get(timeout=PATIENCE_SECONDS).data == b"fresh"


@check("message.unknown-device", "a message for a device that does not exist is refused")
def _():
    raises(Exception, hub.send_c2d_message, new_id(), "anybody there?")


@check("telemetry.device", "a message with properties is acknowledged, over MQTT and over WebSocket")
def _():
    for websockets in (False, True):
        message = Message(
            '{"temperature": 21.5}', content_encoding="utf-8", content_type="application/json"
        )
        message.custom_properties["alert"] = "no & yes"
        with ConnectedDevice(new_device(), websockets=websockets) as client:
            client.send_message(message)


@check("telemetry.module", "so is a module's, of almost the largest size")
def _():
    with ConnectedDevice(new_module(new_device())) as client:
        client.send_message(Message("x" * 255_000))


def receive_feedback(device):
    """The token that locks the feedback on this device's message; the checks of this file send no other that asks."""
    raw = runtime.protocol.cloud_to_device_messages.receive_feedback_notification(raw=True).response
    assert raw.status_code == 200, raw.status_code
    records = [record for record in raw.json() if record["deviceId"] == device.device_id]
    assert [record["statusCode"] for record in records] == ["Purged"], records
    return raw.headers["ETag"].strip('"')


def receive_from(client):
    messages = queue.Queue()
    client.on_message_received = messages.put
    return messages


def send_greeting(service, device):
    properties = {
        "messageId": "m-1",
        "correlationId": "c-1",
        "contentType": "text/plain",
        "contentEncoding": "utf-8",
        "level": f"{ACCENTS} & more=all",
    }
    service.send_c2d_message(device.device_id, ACCENTS, properties)


def expect_greeting(messages):
    message = messages.get(timeout=PATIENCE_SECONDS)
    assert message.data.decode() == ACCENTS
    assert (message.message_id, message.correlation_id) == ("m-1", "c-1")
    assert (message.content_type, message.content_encoding) == ("text/plain", "utf-8")
    assert message.custom_properties["level"] == f"{ACCENTS} & more=all", message.custom_properties


def queued(device):
    return hub.get_device(device.device_id).cloud_to_device_message_count
