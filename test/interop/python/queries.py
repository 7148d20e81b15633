from azure.iot.hub.models import Twin

from clients import (
    ConnectedDevice,
    hub,
    new_module,
    new_tagged_devices,
    query,
    query_page,
    query_rows,
)
from harness import check, refused


@check("query.twins", "devices are found by tag and by what they report")
def _():
    (device, _), condition = new_tagged_devices(2)
    with ConnectedDevice(device) as client:
        client.patch_twin_reported_properties({"battery": {"level": 12}})
    items, _ = query(
        f"SELECT * FROM devices WHERE {condition} AND properties.reported.battery.level < 20"
    )
    assert [item.device_id for item in items] == [device.device_id]
    assert items[0].properties.reported["battery"] == {"level": 12}


@check("query.pages", "pages follow each other to the last")
def _():
    devices, condition = new_tagged_devices(5)
    items, sizes = query(f"SELECT * FROM devices WHERE {condition}", 2)
    assert sorted(item.device_id for item in items) == sorted(each.device_id for each in devices)
    assert sizes == [2, 2, 1], sizes


@check("query.foreign-page", "the next page of another query is refused")
def _():
    _, condition = new_tagged_devices(3)
    page = query_page(f"SELECT * FROM devices WHERE {condition}", None, 1)
    assert page.type == "Twin" and page.continuation_token
    refused(400, query_page, "SELECT * FROM devices", page.continuation_token)


@check("query.count", "devices are counted")
def _():
    _, condition = new_tagged_devices(3)
    rows = query_rows(f"SELECT COUNT() AS total FROM devices WHERE {condition}")
    assert [row["total"] for row in rows] == [3], rows


@check("query.group", "values are aggregated by group")
def _():
    devices, condition = new_tagged_devices(3)
    for device, ring, load in zip(devices, (1, 1, 2), (10, 20, 40)):
        hub.update_twin(device.device_id, Twin(tags={"ring": ring, "load": load}), "*")
    rows = query_rows(
        "SELECT tags.ring AS ring, COUNT() AS many, AVG(tags.load) AS mean, MAX(tags.load) AS most "
        f"FROM devices WHERE {condition} GROUP BY tags.ring"
    )
    found = {row["ring"]: (row["many"], row["mean"], row["most"]) for row in rows}
    assert found == {1: (2, 15, 20), 2: (1, 40, 40)}, rows


@check("query.project", "a projection gives what it names, and no more of it than asked")
def _():
    devices, condition = new_tagged_devices(3, site="Zürich")
    page = query_page(f"SELECT TOP 2 deviceId, tags.site AS site FROM devices WHERE {condition}")
    assert page.type == "Raw" and len(page.items) == 2, page.items
    names = {device.device_id for device in devices}
    for row in page.items:
        assert row.device_id in names and row.additional_properties == {"site": "Zürich"}, row


@check("query.conditions", "conditions of every kind select")
def _():
    devices, condition = new_tagged_devices(2)
    chosen = devices[0].device_id
    tags = {"n": 7, "list": ["a", "b"], "text": "it's"}
    hub.update_twin(chosen, Twin(tags=tags), "*")
    for text in (
        "tags.n = 7",
        "tags.n >= 7 AND NOT (tags.n > 7)",
        "tags.n IN [1, 7]",
        "is_defined(tags.n)",
        "startswith(tags.text, 'it')",
        "tags.text = 'it\\'s'",
        f"deviceId = '{chosen}'",
        "(tags.n = 7 OR tags.n = 8) AND connectionState = 'Disconnected' AND status = 'enabled'",
    ):
        items, _ = query(f"SELECT * FROM devices WHERE {condition} AND {text}")
        assert [item.device_id for item in items] == [chosen], text


@check("query.modules", "modules are found by their own twins")
def _():
    devices, _ = new_tagged_devices(2)
    for device in devices:
        new_module(device)
    mark = devices[0].device_id
    hub.update_module_twin(mark, "meter", Twin(tags={"of": mark}), "*")
    items, _ = query(f"SELECT * FROM devices.modules WHERE tags.of = '{mark}'")
    assert [(item.device_id, item.module_id) for item in items] == [(mark, "meter")]


@check("query.refused", "text that is no query is refused")
def _():
    for text in ("SELECT * FORM devices", "SELECT * FROM devices WHERE", "SELECT * FROM devices ORDER BY x"):
        refused(400, query, text)
