"""Devices that show a self-signed certificate whose thumbprint the registry knows."""

import json
import os

from azure.iot.device import IoTHubDeviceClient, IoTHubModuleClient, X509
from azure.iot.device.exceptions import CredentialError

from clients import (
    DEVICE_CERTIFICATES,
    DEVICE_HOST,
    Connected,
    client_options,
    hub,
    invoke,
    new_device,
    new_id,
    serve_methods,
)
from harness import check, raises, refused

with open(os.path.join(DEVICE_CERTIFICATES, "thumbprints.json"), encoding="ascii") as file:
    THUMBPRINTS = json.load(file)


@check("x509.connect", "a device is let in by the SHA-1 or SHA-256 thumbprint of its certificate")
def _():
    for digest in ("sha1", "sha256"):
        device = new_x509_device(THUMBPRINTS["mine"][digest])
        assert device.authentication.type == "selfSigned"
        with Connected(device_client(device.device_id, "mine")) as client:
            serve_methods(client, lambda request: (200, request.name))
            client.patch_twin_reported_properties({"by": digest})
            assert invoke(device.device_id, "reboot").payload == "reboot"
        assert hub.get_twin(device.device_id).properties.reported["by"] == digest


@check("x509.secondary", "its second certificate lets it in as well")
def _():
    device = new_x509_device(THUMBPRINTS["other"]["sha1"], THUMBPRINTS["mine"]["sha1"])
    connect(device_client(device.device_id, "mine"))


@check("x509.refused", "another's certificate does not, nor one where the registry expects a key")
def _():
    guarded = new_x509_device(THUMBPRINTS["mine"]["sha256"])
    for device in (guarded, new_device()):
        raises(CredentialError, connect, device_client(device.device_id, "other"))


@check("x509.update", "a device changes from a key to a certificate")
def _():
    device = new_device()
    thumbprint = THUMBPRINTS["mine"]["sha1"]
    hub.update_device_with_x509(device.device_id, device.etag, thumbprint, thumbprint, "enabled")
    connect(device_client(device.device_id, "mine"))


@check("x509.module", "a module is let in by a certificate of its own")
def _():
    device = new_device()
    thumbprint = THUMBPRINTS["other"]["sha1"]
    hub.create_module_with_x509(device.device_id, "meter", "", thumbprint, thumbprint)
    client = IoTHubModuleClient.create_from_x509_certificate(
        certificate("other"), DEVICE_HOST, device.device_id, "meter", **client_options()
    )
    connect(client)


@check("x509.bad-thumbprint", "a thumbprint that is none is refused")
def _():
    refused(400, new_x509_device, "not a thumbprint")


def new_x509_device(primary, secondary=None):
    return hub.create_device_with_x509(new_id(), primary, secondary or primary, "enabled")


def device_client(device_id, name):
    return IoTHubDeviceClient.create_from_x509_certificate(
        certificate(name), DEVICE_HOST, device_id, **client_options()
    )


def certificate(name):
    path = os.path.join(DEVICE_CERTIFICATES, name)
    return X509(f"{path}.pem", f"{path}-key.pem")


def connect(client):
    with Connected(client) as connected:
        connected.get_twin()
