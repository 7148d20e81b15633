import { type Area, may, must, should } from '../check.js';
import { sources } from '../sources.js';
import { type Answer, expectAnswer, expectRefusal } from '../support/http.js';
import type { Hub } from '../support/hub.js';
import { read } from '../support/match.js';
import { publish } from '../support/mqtt.js';

const time = /^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/;
const ended = new Set(['completed', 'failed', 'cancelled']);

/** A job on one device, unless the body says otherwise. */
function put(hub: Hub, jobId: string, deviceId: string, body: object = {}): Promise<Answer> {
  return hub.send(`PUT /jobs/v2/${jobId}`, {
    body: {
      jobId,
      type: 'scheduleUpdateTwin',
      queryCondition: `deviceId = '${deviceId}'`,
      updateTwin: { tags: { done: true } },
      ...body,
    },
  });
}

/** The job once it is over. */
async function finish(hub: Hub, jobId: string): Promise<Answer> {
  const isOver = (body: unknown) => ended.has(String(read(body, 'status')));
  await hub.until(`GET /jobs/v2/${jobId}`, isOver);
  return await hub.send(`GET /jobs/v2/${jobId}`);
}

const inAnHour = () => new Date(Date.now() + 3_600_000).toISOString();

async function later(hub: Hub): Promise<string> {
  const { deviceId } = await hub.createDevice();
  const jobId = hub.newId();
  await put(hub, jobId, deviceId, { startTime: inAnHour() });
  return jobId;
}

const method = (name: string) => ({
  type: 'scheduleDeviceMethod',
  updateTwin: undefined,
  cloudToDeviceMethod: { methodName: name, payload: null, responseTimeoutInSeconds: 10 },
});

export const jobs: Area = {
  title: 'Jobs',
  checks: [
    must(
      'JOB-01',
      'A new job is answered 200, queued, with its id and type.',
      sources.jobs,
      async (hub) => {
        const { deviceId } = await hub.createDevice();
        const jobId = hub.newId();
        expectAnswer(await put(hub, jobId, deviceId), {
          status: 200,
          body: { jobId, type: 'scheduleUpdateTwin', status: 'queued' },
        });
        await finish(hub, jobId);
      },
    ),
    must(
      'JOB-02',
      'It updates the twins, and ends completed with the numbers of devices and its times.',
      sources.jobs,
      async (hub) => {
        const { deviceId } = await hub.createDevice();
        const jobId = hub.newId();
        await put(hub, jobId, deviceId);
        expectAnswer(await finish(hub, jobId), {
          status: 200,
          body: {
            jobId,
            queryCondition: `deviceId = '${deviceId}'`,
            createdTime: time,
            startTime: time,
            endTime: time,
            maxExecutionTimeInSeconds: 3600,
            type: 'scheduleUpdateTwin',
            updateTwin: { tags: { done: true } },
            status: 'completed',
            deviceJobStatistics: {
              deviceCount: 1,
              failedCount: 0,
              succeededCount: 1,
              runningCount: 0,
              pendingCount: 0,
            },
          },
        });
        expectAnswer(await hub.send(`GET /twins/${deviceId}`), {
          status: 200,
          body: { tags: { done: true } },
        });
      },
    ),
    must(
      'JOB-03',
      'A method job calls the device, and devices.jobs tells what it answered.',
      sources.jobs,
      async (hub) => {
        const device = await hub.createDevice();
        const mqtt = await hub.connectMqtt(device);
        await mqtt.subscribe('$iothub/methods/POST/#');
        const jobId = hub.newId();
        await put(hub, jobId, device.deviceId, method('reboot'));
        const { topic } = await mqtt.expectPublish(/^\$iothub\/methods\/POST\/reboot\//, null);
        mqtt.send(publish(topic.replace('POST/reboot', 'res/200'), '"done"'));
        await finish(hub, jobId);
        const query = `SELECT * FROM devices.jobs WHERE devices.jobs.jobId = '${jobId}'`;
        expectAnswer(await hub.send('POST /devices/query', { body: { query } }), {
          status: 200,
          headers: { 'x-ms-item-type': 'DeviceJob' },
          body: [
            {
              deviceId: device.deviceId,
              jobId,
              jobType: 'scheduleDeviceMethod',
              status: 'completed',
              startTimeUtc: time,
              endTimeUtc: time,
              createdDateTimeUtc: time,
              lastUpdatedDateTimeUtc: time,
              outcome: { deviceMethodResponse: { status: 200, payload: 'done' } },
            },
          ],
        });
      },
    ),
    must(
      'JOB-04',
      'A device that is away fails in the job, which itself is completed.',
      sources.observed,
      async (hub) => {
        const { deviceId } = await hub.createDevice();
        const jobId = hub.newId();
        await put(hub, jobId, deviceId, method('reboot'));
        expectAnswer(await finish(hub, jobId), {
          status: 200,
          body: {
            status: 'completed',
            deviceJobStatistics: { deviceCount: 1, failedCount: 1, succeededCount: 0 },
          },
        });
      },
    ),
    must(
      'JOB-05',
      'A job of the future is scheduled, and can be cancelled.',
      sources.jobs,
      async (hub) => {
        const { deviceId } = await hub.createDevice();
        const jobId = hub.newId();
        expectAnswer(await put(hub, jobId, deviceId, { startTime: inAnHour() }), {
          status: 200,
          body: { jobId, status: 'scheduled' },
        });
        expectAnswer(await hub.send(`POST /jobs/v2/${jobId}/cancel`), {
          status: 200,
          body: { jobId, status: 'cancelled' },
        });
        expectAnswer(await hub.send(`GET /jobs/v2/${jobId}`), {
          status: 200,
          body: { status: 'cancelled' },
        });
      },
    ),
    must(
      'JOB-06',
      'A job that is over cannot be cancelled: 405 OperationNotAllowedInCurrentState.',
      sources.observed,
      async (hub) => {
        const jobId = await later(hub);
        await hub.prepare(`POST /jobs/v2/${jobId}/cancel`);
        const answer = await hub.send(`POST /jobs/v2/${jobId}/cancel`, { body: {} });
        expectRefusal(answer, 405, 'OperationNotAllowedInCurrentState');
      },
    ),
    must(
      'JOB-07',
      'Cancelling a job that does not exist is refused with 404 JobNotFound.',
      sources.observed,
      async (hub) => {
        const answer = await hub.send(`POST /jobs/v2/${hub.newId()}/cancel`);
        expectRefusal(answer, 404, 'JobNotFound');
      },
    ),
    must(
      'JOB-08',
      'A job that does not exist is answered 200, of unknown type and status.',
      sources.observed,
      async (hub) => {
        expectAnswer(await hub.send(`GET /jobs/v2/${hub.newId()}`), {
          status: 200,
          body: { type: 'unknown', status: 'unknown' },
        });
      },
    ),
    must(
      'JOB-09',
      'An id that has been used is refused with 409 JobAlreadyExists.',
      sources.observed,
      async (hub) => {
        const { deviceId } = await hub.createDevice();
        const jobId = await later(hub);
        const answer = await put(hub, jobId, deviceId, { startTime: inAnHour() });
        await hub.prepare(`POST /jobs/v2/${jobId}/cancel`);
        expectRefusal(answer, 409, 'JobAlreadyExists');
      },
    ),
    must(
      'JOB-10',
      "An id with other characters than a-z, 0-9, - and ' is refused with 400 ArgumentInvalid.",
      sources.observed,
      async (hub) => {
        const answer = await put(hub, 'a_b', 'nobody');
        expectRefusal(answer, 400, 'ArgumentInvalid');
      },
    ),
    must(
      'JOB-11',
      'A start more than 168 hours ahead is refused with 400 ArgumentInvalid.',
      sources.observed,
      async (hub) => {
        const startTime = new Date(Date.now() + 169 * 3_600_000).toISOString();
        const answer = await put(hub, hub.newId(), 'nobody', { startTime });
        expectRefusal(answer, 400, 'ArgumentInvalid');
      },
    ),
    should(
      'JOB-12',
      'An etag other than * in the twin of a job is refused with 400 ArgumentInvalid.',
      sources.javaService,
      async (hub) => {
        const updateTwin = { etag: 'AAAAAAAAAAE=', tags: {} };
        const answer = await put(hub, hub.newId(), 'nobody', { updateTwin });
        expectRefusal(answer, 400, 'ArgumentInvalid');
      },
    ),
    should(
      'JOB-13',
      'A condition that cannot be read is taken, and the job fails.',
      sources.observed,
      async (hub) => {
        const jobId = hub.newId();
        const queryCondition = 'tags.site =';
        expectAnswer(await put(hub, jobId, 'nobody', { queryCondition }), {
          status: 200,
          body: { status: 'queued' },
        });
        expectAnswer(await finish(hub, jobId), { status: 200, body: { status: 'failed' } });
      },
    ),
    must(
      'JOB-14',
      'Jobs are listed by type and status, as a bare array of item type JobResponse.',
      sources.rest,
      async (hub) => {
        const jobId = await later(hub);
        const filter = 'jobType=scheduleUpdateTwin&jobStatus=scheduled';
        const answer = await hub.send(`GET /jobs/v2/query?${filter}`);
        await hub.prepare(`POST /jobs/v2/${jobId}/cancel`);
        expectAnswer(answer, { status: 200, headers: { 'x-ms-item-type': 'JobResponse' } });
        const listed = Array.isArray(answer.body) ? answer.body : [];
        const mine = listed.filter((job) => read(job, 'jobId') === jobId);
        expectAnswer(
          { ...answer, body: mine },
          { status: 200, body: [{ jobId, type: 'scheduleUpdateTwin', status: 'scheduled' }] },
        );
      },
    ),
    must(
      'JOB-15',
      'A job of another type is refused with 400 ArgumentInvalid.',
      sources.jobs,
      async (hub) => {
        const answer = await put(hub, hub.newId(), 'nobody', { type: 'scheduleNothing' });
        expectRefusal(answer, 400, 'ArgumentInvalid');
      },
    ),
    may(
      'JOB-16',
      'A condition FROM devices.modules addresses modules, and devices.jobs names them.',
      sources.csharp,
      async (hub) => {
        const { deviceId } = await hub.createModule(await hub.createDevice());
        const jobId = hub.newId();
        await put(hub, jobId, deviceId, {
          queryCondition: `FROM devices.modules WHERE deviceId = '${deviceId}'`,
        });
        expectAnswer(await finish(hub, jobId), {
          status: 200,
          body: { status: 'completed', deviceJobStatistics: { deviceCount: 1, succeededCount: 1 } },
        });
        expectAnswer(await hub.send(`GET /twins/${deviceId}/modules/m1`), {
          status: 200,
          body: { tags: { done: true } },
        });
        expectAnswer(await hub.send(`GET /twins/${deviceId}`), {
          status: 200,
          body: { tags: { done: undefined } },
        });
        const query = `SELECT * FROM devices.jobs WHERE devices.jobs.jobId = '${jobId}'`;
        expectAnswer(await hub.send('POST /devices/query', { body: { query } }), {
          status: 200,
          body: [{ deviceId, moduleId: 'm1', status: 'completed' }],
        });
      },
    ),
  ],
};
