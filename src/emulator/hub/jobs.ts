import { setImmediate } from 'node:timers/promises';
import { type Clock, delay } from '../clock.js';
import { HubError, hubError } from '../errors.js';
import type { JsonObject, JsonValue } from '../json.js';
import { compileCondition, QuerySyntaxError } from '../query/index.js';
import type { Identity, IdentityName } from './identity.js';
import {
  type DeviceJob,
  formatDeviceJob,
  type Job,
  type JobStatus,
  type JobTask,
  parseJobRequest,
} from './job.js';
import { toJobEntry } from './job-record.js';
import type { Journal } from './journal.js';
import type { Methods } from './methods.js';
import type { Registry } from './registry.js';
import type { Throttles } from './throttles.js';
import type { Timestamp } from './timestamps.js';
import type { Twins } from './twins.js';

/** Jobs v2: one method or twin update on every device, or module, that meets a condition, now or later. */
export interface Jobs {
  create(jobId: string, body: JsonValue | undefined): Job;
  find(jobId: string): Job | undefined;
  /** Newest last. */
  list(): readonly Job[];
  /** Calls off a job that has not begun. */
  cancel(jobId: string): Job;
  /** Puts back a job as it was kept. One that was under way when the hub stopped has failed. */
  restore(job: Job): void;
  /** Forgets all jobs; those to come are called off. */
  clear(): void;
  /** Every device's share of every job, as `devices.jobs` shows it. */
  rows(): Iterable<JsonObject>;
}

interface JobSurroundings {
  readonly clock: Clock;
  readonly registry: Registry;
  readonly twins: Twins;
  readonly methods: Methods;
  readonly journal: Journal;
  readonly throttles: Throttles;
  readonly stamp: () => Timestamp;
}

/** How many devices a job addresses at the same time. */
const concurrency = 10;

const activeStatuses: ReadonlySet<JobStatus> = new Set(['queued', 'scheduled', 'running']);

export function createJobs(surroundings: JobSurroundings): Jobs {
  const { clock, registry, journal, stamp } = surroundings;
  const jobs = new Map<string, Job>();
  const starts = new Map<Job, () => void>();

  function countActive(): number {
    return [...jobs.values()].filter(({ status }) => activeStatuses.has(status)).length;
  }

  function keep(job: Job): void {
    journal.put(toJobEntry(job));
  }

  function schedule(job: Job): void {
    const { startMs } = job.request;
    const delayMs = startMs === undefined ? 0 : startMs - clock.now().getTime();
    const cancel = clock.schedule(
      () => {
        starts.delete(job);
        run(job, surroundings).catch((error: unknown) => {
          job.status = 'failed';
          job.failureReason = `The emulator failed: ${String(error)}`;
        });
      },
      Math.max(0, delayMs),
    );
    starts.set(job, cancel);
  }

  return {
    create(jobId, body) {
      const request = parseJobRequest(jobId, body, clock.now());
      if (jobs.has(jobId)) {
        throw hubError('JobAlreadyExists', `A job with ID '${jobId}' already exists.`);
      }
      surroundings.throttles.checkActiveJobs(countActive());
      const job: Job = {
        jobId,
        request,
        createdAt: stamp(),
        status: request.startMs === undefined ? 'queued' : 'scheduled',
        startedAt: undefined,
        endedAt: undefined,
        failureReason: undefined,
        devices: [],
      };
      keep(job);
      jobs.set(jobId, job);
      schedule(job);
      return job;
    },
    find: (jobId) => jobs.get(jobId),
    list: () => [...jobs.values()],
    cancel(jobId) {
      const job = jobs.get(jobId);
      if (job === undefined) throw hubError('JobNotFound', jobId);
      const cancelStart = starts.get(job);
      if (cancelStart === undefined) {
        throw hubError(
          'OperationNotAllowedInCurrentState',
          `Job '${jobId}' is ${job.status}: only a job that has not begun can be cancelled.`,
        );
      }
      cancelStart();
      starts.delete(job);
      job.status = 'cancelled';
      job.endedAt = stamp();
      keep(job);
      return job;
    },
    restore(job) {
      jobs.set(job.jobId, job);
      if (job.status === 'queued' || job.status === 'scheduled') schedule(job);
      if (job.status !== 'running') return;
      job.status = 'failed';
      job.failureReason = 'The hub stopped while the job was under way.';
      keep(job);
    },
    clear() {
      for (const cancel of starts.values()) cancel();
      for (const jobId of jobs.keys()) journal.remove('job', jobId);
      starts.clear();
      jobs.clear();
    },
    *rows() {
      for (const job of jobs.values()) {
        for (const device of job.devices) yield formatDeviceJob(job, device);
      }
    },
  };

  async function run(job: Job, { clock: timer }: JobSurroundings): Promise<void> {
    job.status = 'running';
    job.startedAt = stamp();
    keep(job); // from here on it must not begin again
    const targets = selectTargets(job, registry);
    if (targets === undefined) {
      job.status = 'failed';
      job.failureReason = `The queryCondition is not valid: ${job.request.queryCondition}`;
    } else {
      const endMs = timer.now().getTime() + job.request.maxExecutionTimeInSeconds * 1000;
      for (const target of targets) job.devices.push(createDeviceJob(target, stamp()));
      await workOff(job, endMs, surroundings);
      job.status = 'completed';
    }
    job.endedAt = stamp();
    keep(job);
  }
}

/** A condition on modules is written as the target condition of a configuration for modules is. */
const moduleCondition = /^\s*FROM\s+devices\.modules(?:\s+WHERE\s+(.+))?$/is;

/** The devices, or modules, that meet the job's condition as it begins; `undefined` when it cannot be understood. */
function selectTargets(
  { request: { queryCondition } }: Job,
  registry: Registry,
): readonly Identity[] | undefined {
  const ofModules = moduleCondition.exec(queryCondition);
  const candidates = ofModules === null ? registry.devices.values() : registry.allModules();
  try {
    const meets = compileCondition(ofModules === null ? queryCondition : (ofModules[1] ?? '*'));
    return [...candidates].filter((candidate) => meets(candidate.twinDocument));
  } catch (error) {
    if (error instanceof QuerySyntaxError) return undefined;
    throw error;
  }
}

function createDeviceJob({ deviceId, moduleId }: Identity, updatedAt: Timestamp): DeviceJob {
  return {
    deviceId,
    moduleId,
    status: 'pending',
    startedAt: undefined,
    endedAt: undefined,
    updatedAt,
    outcome: undefined,
    error: undefined,
  };
}

/** A few at a time, until all are done or the job's time is over. */
async function workOff(job: Job, endMs: number, surroundings: JobSurroundings): Promise<void> {
  const pending = job.devices.values();
  let begun = 0;
  async function work(): Promise<void> {
    for (const device of pending) {
      // Twin updates never wait: without a pause a large fleet would stop the world.
      if (++begun % 100 === 0) await setImmediate();
      const waitMs = surroundings.throttles.admitJobStep();
      if (waitMs > 0) await delay(surroundings.clock, waitMs);
      if (surroundings.clock.now().getTime() > endMs) fail(device, tookTooLong(), surroundings);
      else await address(device, job.request.task, surroundings);
    }
  }
  await Promise.all(Array.from({ length: concurrency }, work));
}

async function address(
  device: DeviceJob,
  task: JobTask,
  surroundings: JobSurroundings,
): Promise<void> {
  const startedAt = surroundings.stamp();
  device.status = 'running';
  device.startedAt = startedAt;
  device.updatedAt = startedAt;
  try {
    device.outcome = await perform(device, task, surroundings);
    device.status = 'completed';
    end(device, surroundings);
  } catch (error) {
    if (!(error instanceof HubError)) throw error;
    fail(device, error, surroundings);
  }
}

async function perform(
  name: IdentityName,
  task: JobTask,
  { registry, twins, methods, throttles }: JobSurroundings,
): Promise<JsonObject> {
  const identity = registry.get(name);
  if (task.type === 'scheduleUpdateTwin') {
    twins.patch(identity, task.patch, { kind: 'any' });
    throttles.charge('twin.patch', { received: sizeOf(task.patch) });
    return {};
  }
  const { status, payload } = await methods.invoke(identity, task.call);
  throttles.charge('method.invoke', { received: sizeOf(task.call.payload), sent: sizeOf(payload) });
  return { deviceMethodResponse: { status, payload } };
}

function sizeOf(value: JsonValue): number {
  return Buffer.byteLength(JSON.stringify(value));
}

function fail(device: DeviceJob, error: HubError, surroundings: JobSurroundings): void {
  device.status = 'failed';
  device.error = { code: error.name, description: error.message };
  end(device, surroundings);
}

function end(device: DeviceJob, { stamp }: JobSurroundings): void {
  const endedAt = stamp();
  device.endedAt = endedAt;
  device.updatedAt = endedAt;
}

function tookTooLong(): HubError {
  return hubError('GatewayTimeout', 'The job was over before it came to this device.');
}
