import queue
import threading

from clients import ConnectedDevice, hub, invoke, new_device, new_id, serve_methods
from harness import PATIENCE_SECONDS, check, refused


@check("method.call", "name and payload reach the device, status and payload come back")
def _():
    device = new_device()
    with ConnectedDevice(device) as client:
        serve_methods(client, lambda request: (200, {"heard": request.name, "with": request.payload}))
        client.get_twin()
        answer = invoke(device.device_id, "rebootDevice", {"method_number": "42", "ü": [1, None]})
    assert answer.status == 200
    assert answer.payload == {"heard": "rebootDevice", "with": {"method_number": "42", "ü": [1, None]}}


@check("method.no-payload", "no payload arrives as the SDK sends it, and an error status comes back as one")
def _():
    device = new_device()
    with ConnectedDevice(device) as client:
        serve_methods(client, lambda request: (500, {"heard": request.payload}))
        client.get_twin()
        answer = invoke(device.device_id, "reboot")
    # The service SDK puts an empty text where there is no payload.
    assert answer.status == 500 and answer.payload == {"heard": ""}, answer.payload


@check("method.tutorial", "the tutorial's order of things, the report first and the answer last")
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


@check("method.large", "a payload of 100 KB goes there and back, over MQTT and over WebSocket")
def _():
    device = new_device()
    payload = {"text": "ü" * 100 + "x" * 100_000}
    for websockets in (False, True):
        with ConnectedDevice(device, websockets=websockets) as client:
            serve_methods(client, lambda request: (200, request.payload))
            client.get_twin()
            assert invoke(device.device_id, "echo", payload).payload == payload


@check("method.many", "calls at the same time each get their own answer")
def _():
    device = new_device()
    answers = queue.Queue()
    with ConnectedDevice(device) as client:
        serve_methods(client, lambda request: (200, request.payload))
        client.get_twin()
        threads = [
            threading.Thread(
                target=lambda n=number: answers.put((n, invoke(device.device_id, "echo", n).payload))
            )
            for number in range(1, 11)
        ]
        for thread in threads:
            thread.start()
        for _ in threads:
            number, payload = answers.get(timeout=PATIENCE_SECONDS)
            assert number == payload


@check("method.offline", "a device that is not connected is not found, with the hub's reason")
def _():
    device = new_device()
    assert "404103" in refused(404, invoke, device.device_id, "reboot")


@check("method.unknown-device", "a device that is not registered is not found, with another reason")
def _():
    assert "404001" in refused(404, invoke, new_id(), "reboot")


@check("method.not-served", "a device that is connected but takes no methods is not found")
def _():
    device = new_device()
    with ConnectedDevice(device) as client:
        client.get_twin()
        assert "404103" in refused(404, invoke, device.device_id, "reboot")


@check("method.awaited", "a device that connects within the time for connecting is called")
def _():
    device = new_device()
    answers = queue.Queue()
    call = threading.Thread(
        target=lambda: answers.put(invoke(device.device_id, "reboot", {}, 15, 15).status)
    )
    call.start()
    with ConnectedDevice(device) as client:
        serve_methods(client, lambda request: (202, None))
        assert answers.get(timeout=PATIENCE_SECONDS) == 202


@check("method.timeout", "a device that does not answer in time is a timeout")
def _():
    device = new_device()
    with ConnectedDevice(device) as client:
        client.on_method_request_received = lambda request: None
        client.get_twin()
        assert "504101" in refused(504, invoke, device.device_id, "reboot", None, 5)


@check("method.leaves", "a device that leaves before it answers ends the call at once")
def _():
    device = new_device()
    called = threading.Event()
    failures = queue.Queue()

    def call():
        failures.put(refused(404, invoke, device.device_id, "reboot", None, 60))

    with ConnectedDevice(device) as client:
        client.on_method_request_received = lambda request: called.set()
        client.get_twin()
        threading.Thread(target=call).start()
        assert called.wait(PATIENCE_SECONDS)
    assert "404104" in failures.get(timeout=PATIENCE_SECONDS)


@check("method.bounds", "times outside the hub's bounds, and names it does not know, are refused")
def _():
    device = new_device()
    for timeouts in ((4, None), (301, None), (10, 11)):
        assert "400004" in refused(400, invoke, device.device_id, "reboot", None, *timeouts)
    refused(400, invoke, device.device_id, "re boot")
