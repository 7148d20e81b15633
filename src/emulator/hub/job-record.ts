import { z } from 'zod';
import { isJsonObject, type JsonObject, type JsonValue } from '../json.js';
import type { Job } from './job.js';
import type { Entry } from './journal.js';

const json = z.custom<JsonValue>((value) => value !== undefined);
const jsonObject = z.custom<JsonObject>((value) => isJsonObject(value as JsonValue));
const time = z.string().optional();

const task = z.discriminatedUnion('type', [
  z.object({ type: z.literal('scheduleUpdateTwin'), patch: jsonObject }),
  z.object({
    type: z.literal('scheduleDeviceMethod'),
    call: z.object({
      methodName: z.string(),
      payload: json,
      responseTimeoutInSeconds: z.number(),
      connectTimeoutInSeconds: z.number(),
    }),
  }),
]);

const deviceJob = z.object({
  deviceId: z.string(),
  moduleId: z.string().optional(),
  status: z.enum(['pending', 'running', 'completed', 'failed', 'canceled']),
  startedAt: time,
  endedAt: time,
  updatedAt: z.string(),
  outcome: jsonObject.optional(),
  error: z.object({ code: z.string(), description: z.string() }).optional(),
});

const jobRecord = z.object({
  jobId: z.string(),
  request: z.object({
    task,
    echo: jsonObject,
    queryCondition: z.string(),
    startMs: z.number().optional(),
    maxExecutionTimeInSeconds: z.number(),
  }),
  createdAt: z.string(),
  status: z.enum(['queued', 'scheduled', 'running', 'completed', 'failed', 'cancelled']),
  startedAt: time,
  endedAt: time,
  failureReason: time,
  devices: z.array(deviceJob),
});

export function toJobEntry(job: Job): Entry {
  const value: unknown = job;
  return { kind: 'job', key: job.jobId, value: value as JsonValue };
}

/** Throws a ZodError when the value is not a kept job. */
export function fromJobRecord(value: JsonValue): Job {
  const record = jobRecord.parse(value);
  return {
    ...record,
    request: { ...record.request, startMs: record.request.startMs },
    startedAt: record.startedAt,
    endedAt: record.endedAt,
    failureReason: record.failureReason,
    devices: record.devices.map((device) => ({
      ...device,
      moduleId: device.moduleId,
      startedAt: device.startedAt,
      endedAt: device.endedAt,
      outcome: device.outcome,
      error: device.error,
    })),
  };
}
