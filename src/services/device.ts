import { authorize, type Caller } from './access.js';
import { type Connectivity, connectivityOf } from './connectivity.js';
import type { Consistency, DeviceAccess } from './device-access.js';
import { type DeviceRef, formatDeviceId } from './device-id.js';
import { driftOf, type PropertyDrift } from './drift.js';
import { RequestError } from './errors.js';
import type { Urgency } from './hub/hub.js';
import type { AuthenticationType, Thumbprints, Twin, TwinReading, TwinSource } from './hub/twin.js';
import type { Hubs } from './hubs.js';
import type { JsonObject } from './json.js';
import { type LastReboot, lastRebootOf } from './last-reboot.js';
import { LazyReading, type MaybePromise } from './lazy-reading.js';
import { type Maintenance, maintenanceOf } from './maintenance/maintenance.js';
import { stateStream } from './stream.js';
import { type PropertyKeys, propertiesOf, type TwinProperty } from './twin-properties.js';

/** A device as clients see it. Its name is known at once; the rest may first need to be read. */
export class Device implements DeviceRef {
  readonly id: string;
  readonly hub: string;
  readonly deviceId: string;
  readonly #view: DeviceView;
  readonly #reading: LazyReading;

  constructor(
    { hub, deviceId }: DeviceRef,
    reading: TwinReading | (() => Promise<TwinReading>),
    view: DeviceView,
  ) {
    this.id = formatDeviceId({ hub, deviceId });
    this.hub = hub;
    this.deviceId = deviceId;
    this.#view = view;
    this.#reading = new LazyReading(reading);
  }

  get status(): MaybePromise<'ENABLED' | 'DISABLED'> {
    return this.#reading.fromTwin((twin) => (twin.status === 'enabled' ? 'ENABLED' : 'DISABLED'));
  }
  get statusReason(): MaybePromise<string | null> {
    return this.#reading.fromTwin((twin) => twin.statusReason);
  }
  get statusUpdatedAt(): MaybePromise<Date | null> {
    return this.#reading.fromTwin((twin) => twin.statusUpdatedTime);
  }
  get authenticationType(): MaybePromise<AuthenticationType> {
    return this.#reading.fromTwin((twin) => twin.authenticationType);
  }
  get thumbprints(): MaybePromise<Thumbprints | null> {
    return this.#reading.fromTwin((twin) =>
      twin.authenticationType === 'SELF_SIGNED' ? twin.thumbprints : null,
    );
  }
  get iotEdge(): MaybePromise<boolean> {
    return this.#reading.fromTwin((twin) => twin.iotEdge);
  }
  get modelId(): MaybePromise<string | null> {
    return this.#reading.fromTwin((twin) => twin.modelId);
  }
  get cloudToDeviceMessageCount(): MaybePromise<number> {
    return this.#reading.fromTwin((twin) => twin.cloudToDeviceMessageCount);
  }
  get identityEtag(): MaybePromise<string> {
    return this.#reading.fromTwin((twin) => twin.deviceEtag);
  }
  get connectivity(): MaybePromise<Connectivity> {
    return this.#reading.from((reading) => connectivityOf(reading));
  }
  get maintenance(): MaybePromise<Maintenance> {
    return this.#reading.from((reading) => maintenanceOf(reading));
  }
  get tags(): MaybePromise<JsonObject> {
    return this.#reading.fromTwin((twin) => twin.tags);
  }
  get desired(): MaybePromise<JsonObject> {
    return this.#reading.fromTwin((twin) => twin.desired.values);
  }
  get reported(): MaybePromise<JsonObject> {
    return this.#reading.fromTwin((twin) => twin.reported.values);
  }
  get lastReboot(): MaybePromise<LastReboot | null> {
    return this.#reading.fromTwin((twin) => lastRebootOf(twin, this.#view.rebootPaths));
  }
  get etag(): MaybePromise<string> {
    return this.#reading.fromTwin((twin) => twin.etag);
  }
  get version(): MaybePromise<number> {
    return this.#reading.fromTwin((twin) => twin.version);
  }
  get observedAt(): MaybePromise<Date> {
    return this.#reading.from((reading) => new Date(reading.observedAt));
  }
  get source(): MaybePromise<TwinSource> {
    return this.#reading.from((reading) => reading.source);
  }

  /** See propertiesOf. */
  desiredProperties(paths?: readonly PropertyKeys[]): MaybePromise<readonly TwinProperty[]> {
    return this.#reading.fromTwin((twin) => propertiesOf(twin.desired, paths));
  }

  /** See propertiesOf. */
  reportedProperties(paths?: readonly PropertyKeys[]): MaybePromise<readonly TwinProperty[]> {
    return this.#reading.fromTwin((twin) => propertiesOf(twin.reported, paths));
  }

  /** See driftOf. */
  drift(paths?: readonly PropertyKeys[]): MaybePromise<readonly PropertyDrift[]> {
    return this.#reading.fromTwin((twin) => driftOf(twin, paths));
  }
}

/** What it takes to show a device, beside its twin. */
export interface DeviceView {
  /** Where devices of any convention report their last reboot. */
  readonly rebootPaths: readonly (readonly string[])[];
}

export interface DeviceServiceOptions {
  readonly hubs: Hubs;
  readonly access: DeviceAccess;
  readonly view: DeviceView;
  /** The pace of watching when a subscriber names none (ms). */
  readonly idleInterval: number;
  /** Aborted, with the reason, when the gateway stops: streams end with it. */
  readonly stopping: AbortSignal;
}

/** Reads and watches devices, and hands out those alone that the caller may read. */
export class DeviceService {
  readonly #options: DeviceServiceOptions;

  constructor(options: DeviceServiceOptions) {
    this.#options = options;
  }

  /** See Hubs.parseId. */
  parseId(text: string, argument: string): DeviceRef {
    return this.#options.hubs.parseId(text, argument);
  }

  /** A device by reference, read only when more than its name is asked for. */
  lazy(caller: Caller, ref: DeviceRef): Device {
    const { access, view } = this.#options;
    return new Device(ref, () => access.read(caller, ref, { consistency: 'FAST' }), view);
  }

  /** A device by reference, to be read anew when more than its name is asked for. */
  current(caller: Caller, ref: DeviceRef, urgency: Urgency = 'CALLER'): Device {
    const { access, view } = this.#options;
    const read = () => access.read(caller, ref, { consistency: 'FRESH', urgency });
    return new Device(ref, read, view);
  }

  /** A device of a hub from a reading that is here, of what the caller may read. */
  of(hub: string, reading: TwinReading): Device {
    const ref = { hub, deviceId: reading.twin.deviceId };
    return new Device(ref, reading, this.#options.view);
  }

  /** The device, or null where the hub knows none. */
  async get(caller: Caller, id: string, consistency: Consistency): Promise<Device | null> {
    const ref = this.parseId(id, 'id');
    try {
      return this.of(ref.hub, await this.#options.access.read(caller, ref, { consistency }));
    } catch (error) {
      if (error instanceof RequestError && error.code === 'DEVICE_NOT_FOUND') return null;
      throw error;
    }
  }

  /**
   * The device now, then each state in which the gateway sees it changed. Ends when it is deleted,
   * or leaves what the caller may read.
   */
  watch(caller: Caller, id: string, intervalSeconds?: number): AsyncIterableIterator<Device> {
    const ref = this.parseId(id, 'id');
    authorize(caller, 'device:read');
    const { hubs, access, idleInterval } = this.#options;
    const { watcher } = hubs.of(ref);
    const interval = intervalSeconds === undefined ? idleInterval : intervalSeconds * 1000;
    return stateStream<Device>((outlet) => {
      let shown: string | undefined;
      const watch = watcher.watch(ref.deviceId, interval, {
        onReading: (reading) => {
          if (!access.permits(caller, ['device:read'], ref.hub, reading.twin)) {
            return outlet.end(deviceGone(ref.deviceId, shown !== undefined));
          }
          const state = stateKey(reading.twin);
          if (state === shown) return;
          shown = state;
          outlet.emit(this.of(ref.hub, reading));
        },
        // The hub will be back; until then there is nothing new to show.
        onUnreadable: () => {},
        onGone: () => outlet.end(deviceGone(ref.deviceId, shown !== undefined)),
      });
      return () => watch.close();
    }, this.#options.stopping);
  }
}

/** Why a stream of a device ends: it is not there, or no more, for all that the caller may see. */
export function deviceGone(deviceId: string, wasThere: boolean): RequestError {
  const reason = wasThere ? 'was deleted' : 'does not exist';
  return new RequestError('DEVICE_NOT_FOUND', `device '${deviceId}' ${reason}`);
}

/** What makes two observations of a twin the same to a watcher. */
function stateKey(twin: Twin): string {
  return `${twin.version} ${twin.etag} ${twin.deviceEtag} ${twin.status} ${twin.connectionState}`;
}
