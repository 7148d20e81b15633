import { authorize, type Caller } from './access.js';
import { isTerminal, type Operation } from './actions/operation.js';
import { REBOOT } from './actions/profiles.js';
import { type Connectivity, connectivityOf } from './connectivity.js';
import { type Device, type DeviceService, deviceGone } from './device.js';
import type { TwinReading } from './hub/twin.js';
import { type JsonValue, sameJson } from './json.js';
import { type LastReboot, lastRebootOf } from './last-reboot.js';
import type { OperationService, Started } from './operation.js';
import { toRequestError } from './request-failure.js';
import { type Outlet, stateStream } from './stream.js';
import type { Watch, Watcher } from './watch/watcher.js';

export type RebootPhase = 'IDLE' | 'REQUESTED' | 'REBOOTING' | 'REBOOTED' | 'FAILED' | 'TIMED_OUT';

/** Where a device stands with its reboots. */
export interface RebootStatus {
  readonly device: Device;
  readonly phase: RebootPhase;
  /** Null where the newest reboot was not asked for through this gateway. */
  readonly operation: Operation | null;
  readonly lastReboot: LastReboot | null;
  readonly connectivity: Connectivity;
  readonly observedAt: Date;
}

export interface RebootInput {
  readonly deviceId: string;
  readonly profile?: string | undefined;
  readonly payload?: JsonValue | undefined;
  readonly responseTimeoutSeconds?: number | undefined;
  readonly idempotencyKey?: string | undefined;
}

export interface RebootServiceOptions {
  readonly devices: DeviceService;
  readonly operations: OperationService;
  readonly watcher: Watcher;
  readonly rebootPaths: readonly (readonly string[])[];
  /** The pace of watching (ms): while a reboot is under way, and else. */
  readonly activeInterval: number;
  readonly idleInterval: number;
}

/** Reboots devices and shows how it goes. */
export class RebootService {
  readonly #options: RebootServiceOptions;

  constructor(options: RebootServiceOptions) {
    this.#options = options;
  }

  /** See OperationService.start. */
  start(caller: Caller, { deviceId, ...input }: RebootInput): Promise<Started> {
    const { devices, operations } = this.#options;
    const device = devices.parseId(deviceId, 'deviceId');
    return operations.start(caller, 'device:reboot', { action: REBOOT, device, ...input });
  }

  /**
   * The status now, then each that is observed; steps between two observations coalesce.
   * Ends only when the device is deleted.
   */
  status(caller: Caller, id: string): AsyncIterableIterator<RebootStatus> {
    const device = this.#options.devices.parseId(id, 'deviceId');
    authorize(caller, 'device:read', device);
    authorize(caller, 'operation:read', device);
    return stateStream<RebootStatus>((outlet) => {
      const view = new RebootView(this.#options, outlet);
      // Attach first, look second: what happens in between must not be missed.
      const detach = this.#options.operations.onDevice(device, (operation) =>
        view.onMove(operation),
      );
      this.#options.operations.latest(device, REBOOT).then(
        (operation) => view.open(device.deviceId, operation),
        (error: Error) => outlet.end(error),
      );
      return () => {
        detach();
        view.close();
      };
    });
  }
}

/** What one subscriber sees: the newest operation and the newest reading, put together. */
class RebootView {
  readonly #options: RebootServiceOptions;
  readonly #outlet: Outlet<RebootStatus>;
  #operation: Operation | undefined;
  #reading: TwinReading | undefined;
  #watch: Watch | undefined;
  #closed = false;
  #shown: string | undefined;

  constructor(options: RebootServiceOptions, outlet: Outlet<RebootStatus>) {
    this.#options = options;
    this.#outlet = outlet;
  }

  open(deviceId: string, operation: Operation | undefined): void {
    if (this.#closed) return;
    if (operation) this.onMove(operation);
    this.#watch = this.#options.watcher.watch(deviceId, this.#interval(), {
      onReading: (reading) => this.#onReading(reading),
      onUnreadable: (error) => {
        if (!this.#reading) this.#outlet.end(toRequestError(error));
      },
      onGone: () => this.#outlet.end(deviceGone(deviceId, this.#reading !== undefined)),
    });
  }

  onMove(operation: Operation): void {
    if (operation.action !== REBOOT || isOlder(operation, this.#operation)) return;
    this.#operation = operation;
    this.#watch?.setInterval(this.#interval());
    this.#show();
  }

  close(): void {
    this.#closed = true;
    this.#watch?.close();
  }

  #onReading(reading: TwinReading): void {
    this.#reading = reading;
    this.#show();
    const operation = this.#operation;
    if (operation && isTerminal(operation.status)) {
      // The move, if there is one, comes back through onMove.
      void this.#options.operations.settleLate(operation, reading).catch(() => {});
    }
  }

  #interval(): number {
    const { activeInterval, idleInterval } = this.#options;
    const active = this.#operation && !isTerminal(this.#operation.status);
    return active ? activeInterval : idleInterval;
  }

  #show(): void {
    if (!this.#reading) return;
    const { devices, rebootPaths } = this.#options;
    const lastReboot = lastRebootOf(this.#reading.twin, rebootPaths);
    const connectivity = connectivityOf(this.#reading);
    const { phase, operation } = rebootPhase(this.#operation, lastReboot);
    const state = [
      phase,
      operation?.id,
      operation?.sequence,
      lastReboot?.ticks,
      connectivity.verdict,
    ].join(' ');
    if (state === this.#shown) return;
    this.#shown = state;
    const observedAt = new Date(this.#reading.observedAt);
    const device = devices.of(this.#reading);
    this.#outlet.emit({ device, phase, operation, lastReboot, connectivity, observedAt });
  }
}

/** The phase that the newest operation and the newest report add up to. Pure. */
export function rebootPhase(
  operation: Operation | undefined,
  lastReboot: LastReboot | null,
): { phase: RebootPhase; operation: Operation | null } {
  if (!operation || (isTerminal(operation.status) && isForeign(operation, lastReboot))) {
    return { phase: lastReboot ? 'REBOOTED' : 'IDLE', operation: null };
  }
  return { phase: phaseOf(operation), operation };
}

function phaseOf({ status, report }: Operation): RebootPhase {
  switch (status) {
    case 'AWAITING_APPROVAL':
    case 'AWAITING_WINDOW':
    case 'REQUESTED':
      return 'REQUESTED';
    case 'SENDING':
    case 'ACCEPTED':
    case 'IN_PROGRESS':
      return 'REBOOTING';
    case 'SUCCEEDED':
      return 'REBOOTED';
    case 'TIMED_OUT':
      return report === null ? 'TIMED_OUT' : 'REBOOTED';
    case 'FAILED':
      return 'FAILED';
    case 'CANCELED':
      return 'IDLE';
  }
}

/** Whether a report came after all that the operation knows of: somebody else's reboot. */
function isForeign(
  { report, baseline, status }: Operation,
  lastReboot: LastReboot | null,
): boolean {
  // One that timed out without evidence may still be waiting for this very report.
  if (!lastReboot || (status === 'TIMED_OUT' && report === null)) return false;
  const known = report ?? baseline;
  if (!known) return false;
  if (known.lastUpdated === null) return true;
  const isNewer = lastReboot.ticks > BigInt(known.lastUpdated);
  // Devices repeat their last report when they reconnect.
  return isNewer && !sameJson(lastReboot.reported, known.value);
}

/** Ids grow with time, and sequence numbers within one operation. */
function isOlder(operation: Operation, known: Operation | undefined): boolean {
  if (!known) return false;
  if (operation.id === known.id) return operation.sequence < known.sequence;
  return operation.id < known.id;
}
