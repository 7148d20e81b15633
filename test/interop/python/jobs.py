import uuid
from datetime import datetime, timedelta, timezone

from azure.iot.hub.models import CloudToDeviceMethod, JobRequest, Twin

from clients import ConnectedDevice, desired, hub, jobs, new_tagged_devices, query_rows, serve_methods
from harness import check, eventually, refused


@check("job.twins", "a job writes the twins of all devices that meet its condition")
def _():
    devices, condition = new_tagged_devices(3)
    patch = Twin(tags={"ring": 2}, properties=desired({"interval": 60}).properties)
    created = schedule_twins(condition, patch)
    assert created.type == "scheduleUpdateTwin" and created.status in ("queued", "running")
    job = finished(created.job_id)
    assert job.status == "completed" and job.end_time is not None, job
    assert statistics(job) == {"device": 3, "succeeded": 3, "failed": 0, "running": 0, "pending": 0}
    for device in devices:
        twin = hub.get_twin(device.device_id)
        assert twin.tags["ring"] == 2 and twin.properties.desired["interval"] == 60


@check("job.methods", "a job calls each device, and tells what became of it on each")
def _():
    (near, away), condition = new_tagged_devices(2)
    with ConnectedDevice(near) as client:
        serve_methods(client, lambda request: (201, {"heard": request.payload}))
        client.get_twin()
        job = finished(schedule_method(condition, "reboot", {"delay": 5}).job_id)
    assert job.status == "completed"
    assert statistics(job) == {"device": 2, "succeeded": 1, "failed": 1, "running": 0, "pending": 0}
    rows = {row["deviceId"]: row for row in rows_of(job.job_id)}
    assert set(rows) == {near.device_id, away.device_id}
    assert rows[near.device_id]["status"] == "completed"
    assert rows[near.device_id]["outcome"]["deviceMethodResponse"] == {
        "status": 201,
        "payload": {"heard": {"delay": 5}},
    }
    assert rows[away.device_id]["status"] == "failed"
    assert rows[away.device_id]["error"]["code"], rows


@check("job.progress", "while a device takes its time, the job says that it is under way")
def _():
    (device,), condition = new_tagged_devices(1)
    with ConnectedDevice(device) as client:
        pending = []
        client.on_method_request_received = pending.append
        client.get_twin()
        job_id = schedule_method(condition, "slow", {}).job_id
        job = eventually(
            lambda: jobs.get_scheduled_job(job_id), lambda it: it.device_job_statistics.running_count == 1
        )
        assert job.status == "running"
        refused(405, jobs.cancel_scheduled_job, job_id)
    assert statistics(finished(job_id))["failed"] == 1


@check("job.cancel", "a job that has not begun is cancelled, and never runs")
def _():
    (device,), condition = new_tagged_devices(1)
    later = datetime.now(timezone.utc) + timedelta(hours=1)
    job_id = schedule_twins(condition, Twin(tags={"ring": 2}), start_time=later).job_id
    assert jobs.get_scheduled_job(job_id).status == "scheduled"
    assert jobs.cancel_scheduled_job(job_id).status == "cancelled"
    assert jobs.get_scheduled_job(job_id).status == "cancelled"
    assert "ring" not in hub.get_twin(device.device_id).tags


@check("job.later", "a job starts at its time")
def _():
    (device,), condition = new_tagged_devices(1)
    later = datetime.now(timezone.utc) + timedelta(seconds=2)
    job_id = schedule_twins(condition, Twin(tags={"ring": 3}), start_time=later).job_id
    assert jobs.get_scheduled_job(job_id).status == "scheduled"
    assert finished(job_id).end_time >= later.replace(microsecond=0)
    assert hub.get_twin(device.device_id).tags["ring"] == 3


@check("job.twice", "a second job of the same id is a conflict")
def _():
    _, condition = new_tagged_devices(1)
    job_id = schedule_twins(condition, Twin(tags={"ring": 2})).job_id
    text = refused(409, schedule_twins, condition, Twin(tags={"ring": 2}), None, job_id)
    assert "JobAlreadyExists" in text, text


@check("job.bad-condition", "a job whose condition is none fails, and says why")
def _():
    job = finished(schedule_twins("tags.ring ==== 2", Twin(tags={"ring": 2})).job_id)
    assert job.status == "failed" and job.failure_reason, job


@check("job.unknown", "of a job that it does not know the hub says so, and cancels none")
def _():
    nothing = f"py-{uuid.uuid4().hex}"
    assert jobs.get_scheduled_job(nothing).status == "unknown"
    refused(404, jobs.cancel_scheduled_job, nothing)


@check("job.refused", "a job without a known type, or too far ahead, is refused")
def _():
    _, condition = new_tagged_devices(1)
    job_id = f"py-{uuid.uuid4().hex}"
    request = JobRequest(job_id=job_id, type="factoryResetDevice", query_condition=condition)
    refused(400, jobs.create_scheduled_job, job_id, request)
    far = datetime.now(timezone.utc) + timedelta(days=8)
    refused(400, schedule_twins, condition, Twin(tags={"ring": 2}), far)


def schedule_twins(condition, patch, start_time=None, job_id=None):
    return schedule(
        job_id, type="scheduleUpdateTwin", update_twin=patch, query_condition=condition, start_time=start_time
    )


def schedule_method(condition, name, payload):
    method = CloudToDeviceMethod(method_name=name, payload=payload, response_timeout_in_seconds=10)
    return schedule(
        None, type="scheduleDeviceMethod", cloud_to_device_method=method, query_condition=condition
    )


def schedule(job_id, **request):
    job_id = job_id or f"py-{uuid.uuid4().hex}"
    request = JobRequest(job_id=job_id, max_execution_time_in_seconds=60, **request)
    return jobs.create_scheduled_job(job_id, request)


def finished(job_id):
    return eventually(
        lambda: jobs.get_scheduled_job(job_id),
        lambda job: job.status in ("completed", "failed", "cancelled"),
    )


def rows_of(job_id):
    return query_rows(f"SELECT * FROM devices.jobs WHERE devices.jobs.jobId = '{job_id}'")


def statistics(job):
    counts = job.device_job_statistics
    return {
        "device": counts.device_count,
        "succeeded": counts.succeeded_count,
        "failed": counts.failed_count,
        "running": counts.running_count,
        "pending": counts.pending_count,
    }
