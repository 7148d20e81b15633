import { hubError } from '../errors.js';
import { getOwn, isJsonObject, type JsonObject, type JsonValue } from '../json.js';
import { parseMethodCall } from './method-call.js';
import type { MethodCall } from './methods.js';
import type { Timestamp } from './timestamps.js';
import { parseTwinWrite } from './twin-write.js';

export type JobStatus = 'queued' | 'scheduled' | 'running' | 'completed' | 'failed' | 'cancelled';

export type DeviceJobStatus = 'pending' | 'running' | 'completed' | 'failed' | 'canceled';

/** What a job does to each of its devices. */
export type JobTask =
  | { readonly type: 'scheduleDeviceMethod'; readonly call: MethodCall }
  | { readonly type: 'scheduleUpdateTwin'; readonly patch: JsonObject };

export interface JobRequest {
  readonly task: JobTask;
  /** The task as it was sent, to be echoed. */
  readonly echo: JsonObject;
  readonly queryCondition: string;
  /** When to start, in milliseconds since 1970; `undefined` is at once. */
  readonly startMs: number | undefined;
  readonly maxExecutionTimeInSeconds: number;
}

/** The share of one device, or module, in a job. */
export interface DeviceJob {
  readonly deviceId: string;
  readonly moduleId: string | undefined;
  status: DeviceJobStatus;
  startedAt: Timestamp | undefined;
  endedAt: Timestamp | undefined;
  updatedAt: Timestamp;
  outcome: JsonObject | undefined;
  error: { readonly code: string; readonly description: string } | undefined;
}

export interface Job {
  readonly jobId: string;
  readonly request: JobRequest;
  readonly createdAt: Timestamp;
  status: JobStatus;
  startedAt: Timestamp | undefined;
  endedAt: Timestamp | undefined;
  failureReason: string | undefined;
  readonly devices: DeviceJob[];
}

const maxDelayMs = 168 * 3_600_000;
const maxExecutionSeconds = 172_800;

/** Reads the body of `PUT /jobs/v2/{id}`, or throws the hub's 400. */
export function parseJobRequest(jobId: string, body: JsonValue | undefined, now: Date): JobRequest {
  if (!/^[a-z0-9\-']{1,64}$/.test(jobId)) {
    throw invalid("A job id is 1 to 64 of the characters a-z, 0-9, - and '.");
  }
  if (!isJsonObject(body)) throw invalid('The job is not a JSON object.');
  if ((getOwn(body, 'jobId') ?? jobId) !== jobId) {
    throw invalid('The jobId of the body is not that of the path.');
  }
  return {
    ...parseTask(body),
    queryCondition: parseCondition(getOwn(body, 'queryCondition')),
    startMs: parseStart(getOwn(body, 'startTime'), now),
    maxExecutionTimeInSeconds: parseMaxExecution(getOwn(body, 'maxExecutionTimeInSeconds')),
  };
}

/** The job as `GET /jobs/v2/{id}` answers it. */
export function formatJob(job: Job): JsonObject {
  const { request } = job;
  return {
    jobId: job.jobId,
    queryCondition: request.queryCondition,
    createdTime: `${job.createdAt}Z`,
    startTime: formatStart(job),
    ...(job.endedAt === undefined ? {} : { endTime: `${job.endedAt}Z` }),
    maxExecutionTimeInSeconds: request.maxExecutionTimeInSeconds,
    type: request.task.type,
    ...request.echo,
    status: job.status,
    ...(job.failureReason === undefined
      ? {}
      : { failureReason: job.failureReason, statusMessage: job.failureReason }),
    deviceJobStatistics: countDevices(job.devices),
  };
}

/** A row of `devices.jobs`. */
export function formatDeviceJob(job: Job, device: DeviceJob): JsonObject {
  return {
    deviceId: device.deviceId,
    ...(device.moduleId === undefined ? {} : { moduleId: device.moduleId }),
    jobId: job.jobId,
    jobType: job.request.task.type,
    status: device.status,
    ...(device.startedAt === undefined ? {} : { startTimeUtc: `${device.startedAt}Z` }),
    ...(device.endedAt === undefined ? {} : { endTimeUtc: `${device.endedAt}Z` }),
    createdDateTimeUtc: `${job.createdAt}Z`,
    lastUpdatedDateTimeUtc: `${device.updatedAt}Z`,
    ...(device.outcome === undefined ? {} : { outcome: device.outcome }),
    ...(device.error === undefined ? {} : { error: { ...device.error } }),
  };
}

function formatStart({ startedAt, request, createdAt }: Job): string {
  if (startedAt !== undefined) return `${startedAt}Z`;
  return request.startMs === undefined ? `${createdAt}Z` : new Date(request.startMs).toISOString();
}

function countDevices(devices: readonly DeviceJob[]): JsonObject {
  const count = (status: DeviceJobStatus) =>
    devices.filter((device) => device.status === status).length;
  return {
    deviceCount: devices.length,
    failedCount: count('failed'),
    succeededCount: count('completed'),
    runningCount: count('running'),
    pendingCount: count('pending'),
  };
}

function parseTask(body: JsonObject): Pick<JobRequest, 'task' | 'echo'> {
  const type = getOwn(body, 'type');
  switch (type) {
    case 'scheduleDeviceMethod': {
      const call = getOwn(body, 'cloudToDeviceMethod');
      return {
        task: { type, call: parseMethodCall(call) },
        echo: { cloudToDeviceMethod: call ?? null },
      };
    }
    case 'scheduleUpdateTwin': {
      const patch = getOwn(body, 'updateTwin');
      return { task: { type, patch: parseTwinPatch(patch) }, echo: { updateTwin: patch ?? null } };
    }
    default:
      throw invalid('The job type is neither scheduleDeviceMethod nor scheduleUpdateTwin.');
  }
}

/** Node's SDK sends no ETag here and Java's a star; no other makes sense for many twins. */
function parseTwinPatch(value: JsonValue | undefined): JsonObject {
  parseTwinWrite(value); // refuses now what would be refused for every device
  if (!isJsonObject(value)) throw invalid('updateTwin is not a JSON object.');
  const etag = getOwn(value, 'etag') ?? '*';
  if (etag !== '*' && etag !== '"*"') {
    throw invalid('Missing or invalid etag for job type ScheduleUpdateTwin.');
  }
  return value;
}

/** Whether it can be understood shows only when the job runs. */
function parseCondition(value: JsonValue | undefined): string {
  if (typeof value !== 'string' || value.trim() === '') {
    throw invalid('The queryCondition is not a string.');
  }
  return value;
}

function parseStart(value: JsonValue | undefined, now: Date): number | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  const startMs = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(startMs)) throw invalid('The startTime is not a date and time.');
  if (startMs > now.getTime() + maxDelayMs) {
    throw invalid('The startTime is more than 168 hours ahead.');
  }
  return startMs > now.getTime() ? startMs : undefined;
}

function parseMaxExecution(value: JsonValue | undefined): number {
  if (value === undefined || value === null) return 3600;
  if (typeof value !== 'number' || !(value > 0) || value > maxExecutionSeconds) {
    throw invalid(`maxExecutionTimeInSeconds is not within [1; ${maxExecutionSeconds}].`);
  }
  return value;
}

function invalid(message: string): Error {
  return hubError('ArgumentInvalid', message);
}
