import { authorize, type Caller, type Permission } from './access.js';
import { REBOOT } from './actions/action-names.js';
import { isTerminal, isUnsettled, type Operation } from './actions/operation.js';
import { type Connectivity, connectivityOf } from './connectivity.js';
import { type Device, type DeviceService, deviceGone } from './device.js';
import type { DeviceAccess } from './device-access.js';
import type { DeviceRef } from './device-id.js';
import { type HubTicks, ticksFromMilliseconds } from './hub/hub-time.js';
import type { TwinReading } from './hub/twin.js';
import type { Hubs } from './hubs.js';
import { sameJson } from './json.js';
import { type LastReboot, lastRebootOf } from './last-reboot.js';
import type { OperationRequest, OperationService, Started } from './operation.js';
import { type Outlet, stateStream } from './stream.js';
import type { Watch } from './watch/watcher.js';

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

export interface RebootInput extends Omit<OperationRequest, 'action' | 'device'> {
  readonly deviceId: string;
}

export interface RebootServiceOptions {
  readonly access: DeviceAccess;
  readonly devices: DeviceService;
  readonly operations: OperationService;
  readonly hubs: Hubs;
  readonly rebootPaths: readonly (readonly string[])[];
  /** The pace of watching (ms): while a reboot is under way, and else. */
  readonly activeInterval: number;
  readonly idleInterval: number;
  /** Aborted, with the reason, when the gateway stops: streams end with it. */
  readonly stopping: AbortSignal;
}

/** Whoever sees how reboots go sees the device and its operations. */
const needed: readonly Permission[] = ['device:read', 'operation:read'];

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
   * Ends only when the device is deleted, or leaves what the caller may see, or the gateway stops,
   * each with its reason.
   */
  status(caller: Caller, id: string): AsyncIterableIterator<RebootStatus> {
    const device = this.#options.devices.parseId(id, 'deviceId');
    for (const permission of needed) authorize(caller, permission);
    return stateStream<RebootStatus>((outlet) => {
      const view = new RebootView(this.#options, { caller, hub: device.hub }, outlet);
      // Attach first, look second: what happens in between must not be missed.
      const detach = this.#options.operations.onDevice(device, (operation) =>
        view.onMove(operation),
      );
      view.open(device).catch((error: Error) => outlet.end(error));
      return () => {
        detach();
        view.close();
      };
    }, this.#options.stopping);
  }
}

/** What one subscriber sees: the newest operation and the newest reading, put together. */
class RebootView {
  readonly #options: RebootServiceOptions;
  readonly #caller: Caller;
  readonly #hub: string;
  readonly #outlet: Outlet<RebootStatus>;
  #operation: Operation | undefined;
  /** Timed out without evidence, which could yet come. */
  #unsettled: Operation | undefined;
  #reading: TwinReading | undefined;
  #watch: Watch | undefined;
  #closed = false;
  #shown: string | undefined;

  constructor(
    options: RebootServiceOptions,
    { caller, hub }: { readonly caller: Caller; readonly hub: string },
    outlet: Outlet<RebootStatus>,
  ) {
    this.#options = options;
    this.#caller = caller;
    this.#hub = hub;
    this.#outlet = outlet;
  }

  async open(device: DeviceRef): Promise<void> {
    const { operations, hubs } = this.#options;
    const { deviceId } = device;
    this.#unsettled = await operations.unsettled(device);
    const operation = await operations.latest(device, REBOOT);
    if (this.#closed) return;
    if (operation) this.onMove(operation);
    this.#watch = hubs.of(device).watcher.watch(deviceId, this.#interval(), {
      onReading: (reading) => this.#onReading(reading),
      // The hub will be back; until then there is nothing new to show.
      onUnreadable: () => {},
      onGone: () => this.#outlet.end(deviceGone(deviceId, this.#reading !== undefined)),
    });
  }

  onMove(operation: Operation): void {
    if (isUnsettled(operation)) this.#unsettled = operation;
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
    const { twin } = reading;
    if (!this.#options.access.permits(this.#caller, needed, this.#hub, twin)) {
      this.#outlet.end(deviceGone(twin.deviceId, this.#reading !== undefined));
      return;
    }
    this.#reading = reading;
    this.#show();
    void this.#settleLate(reading);
  }

  /** Late evidence belongs to the operation that timed out; its move comes back through onMove. */
  async #settleLate(reading: TwinReading): Promise<void> {
    const unsettled = this.#unsettled;
    const active = this.#operation && !isTerminal(this.#operation.status);
    // While another operation is open, it is that one's to tell.
    if (!unsettled || active) return;
    const settled = await this.#options.operations
      .settleLate(unsettled, reading)
      .catch(() => unsettled);
    if (this.#unsettled === unsettled && !isUnsettled(settled)) this.#unsettled = undefined;
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
    const device = devices.of(this.#hub, this.#reading);
    this.#outlet.emit({ device, phase, operation, lastReboot, connectivity, observedAt });
  }
}

/** The phase that the newest operation and the newest report add up to. */
function rebootPhase(
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
      return report === null || report.failed ? 'TIMED_OUT' : 'REBOOTED';
    case 'FAILED':
      return 'FAILED';
    case 'CANCELED':
      return 'IDLE';
  }
}

/** Whether a report came after all that the operation knows of: somebody else's reboot. */
function isForeign(operation: Operation, lastReboot: LastReboot | null): boolean {
  // One that timed out without evidence may still be waiting for this very report.
  if (!lastReboot || isUnsettled(operation) || lastReboot.ticks <= endOf(operation)) return false;
  const { report, baseline, expected } = operation;
  const known = report ?? (lastReboot.path === expected?.path.join('.') ? baseline : null);
  // Devices repeat their last report when they reconnect.
  return !known || !sameJson(lastReboot.reported, known.value);
}

/** When the operation's own report came, or, without one, when it ended. */
function endOf({ report, finishedAt, updatedAt }: Operation): HubTicks {
  if (report) return BigInt(report.lastUpdated);
  return ticksFromMilliseconds(finishedAt ?? updatedAt);
}

/** Ids grow with time, and sequence numbers within one operation. */
function isOlder(operation: Operation, known: Operation | undefined): boolean {
  if (!known) return false;
  if (operation.id === known.id) return operation.sequence < known.sequence;
  return operation.id < known.id;
}
