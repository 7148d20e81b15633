/**
 * What a client may ask of the emulator, at any of its doors.
 * `mqtt.` operations are a device's; the others a service's. They name calls in the log, and faults select by them.
 */
export const operations = [
  'device.create',
  'device.update',
  'device.get',
  'device.list',
  'device.delete',
  'device.bulk',
  'module.create',
  'module.update',
  'module.get',
  'module.list',
  'module.delete',
  'twin.get',
  'twin.patch',
  'twin.replace',
  'query',
  'method.invoke',
  'message.purge',
  'message.send',
  'feedback.receive',
  'feedback.complete',
  'feedback.abandon',
  'job.create',
  'job.get',
  'job.query',
  'job.cancel',
  'statistics.devices',
  'statistics.service',
  'mqtt.connect',
  'mqtt.subscribe',
  'mqtt.twin.get',
  'mqtt.twin.patch',
  'mqtt.method.response',
  'mqtt.telemetry',
] as const;

export type Operation = (typeof operations)[number];

/** One call that reached the hub. It is logged on arrival: a call without `status` was not answered, or not yet. */
export interface Call {
  readonly operation: Operation;
  readonly deviceId: string | undefined;
  readonly moduleId: string | undefined;
  /** HTTP status, or for a device's call its nearest equivalent. */
  readonly status: number | undefined;
  /** What the caller calls it, in the header `Request-Id`; a service's calls only. */
  readonly requestId: string | undefined;
  readonly at: Date;
}

export interface CallFilter {
  readonly operation?: Operation;
  readonly deviceId?: string;
}

/** What reached the hub, for tests to assert on. */
export interface CallLog {
  /** How many calls matched since the start, or since `clear`. Exact, however many there were. */
  count(filter?: CallFilter): number;
  /** The matching calls, oldest first, of the newest 10,000. */
  list(filter?: CallFilter): readonly Call[];
  clear(): void;
}

export interface CallTarget {
  readonly operation: Operation;
  readonly deviceId?: string | undefined;
  readonly moduleId?: string | undefined;
  readonly requestId?: string | undefined;
}

export interface CallRecorder extends CallLog {
  /** Logs a call; the returned function notes how it was answered. */
  record(target: CallTarget, at: Date): (status: number) => void;
}

const capacity = 10_000;

/** A call as it is kept: the instant as a number, for thousands of dates would keep the garbage collector busy. */
interface KeptCall extends Omit<Call, 'at' | 'status'> {
  status: number | undefined;
  readonly atMs: number;
}

export function createCallLog(): CallRecorder {
  let recent: KeptCall[] = [];
  let counts = new Map<Operation, Map<string | undefined, number>>();

  return {
    record({ operation, deviceId, moduleId, requestId }, at) {
      const call: KeptCall = {
        operation,
        deviceId,
        moduleId,
        requestId,
        status: undefined,
        atMs: at.getTime(),
      };
      recent.push(call);
      if (recent.length >= 2 * capacity) recent = recent.slice(-capacity);
      const byDevice = counts.get(operation) ?? new Map<string | undefined, number>();
      counts.set(operation, byDevice.set(deviceId, (byDevice.get(deviceId) ?? 0) + 1));
      return (status) => {
        call.status = status;
      };
    },
    count(filter = {}) {
      let total = 0;
      for (const [operation, byDevice] of counts) {
        if (filter.operation !== undefined && filter.operation !== operation) continue;
        for (const [deviceId, count] of byDevice) {
          if (filter.deviceId === undefined || filter.deviceId === deviceId) total += count;
        }
      }
      return total;
    },
    list(filter = {}) {
      return recent
        .slice(-capacity)
        .filter((call) => isMatch(filter, call.operation, call.deviceId))
        .map(({ atMs, ...call }) => ({ ...call, at: new Date(atMs) }));
    },
    clear() {
      recent = [];
      counts = new Map();
    },
  };
}

/** Whether a call is among those a filter means; what a filter leaves out, it does not ask for. */
export function isMatch(
  filter: CallFilter,
  operation: Operation,
  deviceId: string | undefined,
): boolean {
  return (
    (filter.operation === undefined || filter.operation === operation) &&
    (filter.deviceId === undefined || filter.deviceId === deviceId)
  );
}
