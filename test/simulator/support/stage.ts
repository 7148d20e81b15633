import { type Emulator, startEmulator } from '../../../src/emulator/emulator.js';
import {
  type DeviceOptions,
  type SimulatedDevice,
  startDevice,
} from '../../../src/simulator/simulator.js';
import { createServiceSdk, type ServiceSdk } from '../../emulator/support/service.js';
import { createEventLog, type EventLog } from '../../support/event-log.js';
import { createManualClock, type ManualClock } from '../../support/manual-clock.js';
import { createTemporaryFolder, type TemporaryFolder } from '../../support/temporary-folder.js';

export type Json = Readonly<Record<string, unknown>>;

/** An emulator with simulated devices, whose clock and log are a test's own, and what a service does to them. */
export class Stage implements AsyncDisposable {
  clock: ManualClock = createManualClock();
  log: EventLog = createEventLog();
  readonly emulator: Emulator;
  readonly #folder: TemporaryFolder;
  readonly #service: ServiceSdk;
  #count = 0;

  private constructor(emulator: Emulator, folder: TemporaryFolder) {
    this.emulator = emulator;
    this.#folder = folder;
    this.#service = createServiceSdk(emulator);
  }

  static async open(): Promise<Stage> {
    const folder = await createTemporaryFolder();
    return new Stage(
      await startEmulator({ httpsPort: 0, mqttPort: 0, dataDir: folder.path }),
      folder,
    );
  }

  /** Another clock and log, for the next test. */
  clear(): void {
    this.clock = createManualClock();
    this.log = createEventLog();
  }

  /** A device with an identity of its own; it is stopped at the end of the test. */
  async start(options: Partial<DeviceOptions> = {}): Promise<SimulatedDevice & AsyncDisposable> {
    this.#count += 1;
    const { convention = 'node' } = options;
    const device = await startDevice({
      convention,
      connectionString: this.emulator.registerDevice(`${convention}-${this.#count}`),
      ca: this.emulator.ca,
      clock: this.clock,
      logger: this.log,
      ...options,
    });
    return { ...device, [Symbol.asyncDispose]: device.stop };
  }

  /** Lets a wait of exactly so many seconds end, once it has begun. */
  async pass(seconds: number): Promise<void> {
    await this.clock.scheduled(seconds * 1000);
    this.clock.advance(seconds * 1000);
  }

  async call(deviceId: string, methodName: string, payload: unknown = null): Promise<Json> {
    const params = { methodName, payload, responseTimeoutInSeconds: 30 };
    const { result } = await this.#service.client.invokeDeviceMethod(deviceId, params);
    return result;
  }

  async reported(deviceId: string): Promise<Json> {
    const { responseBody } = await this.#service.registry.getTwin(deviceId);
    return responseBody.properties.reported;
  }

  /** Writes into the desired properties. */
  async wish(deviceId: string, desired: Json): Promise<void> {
    await this.#service.registry.updateTwin(deviceId, { properties: { desired } }, '*');
  }

  async isOnline(deviceId: string): Promise<boolean> {
    const { responseBody } = await this.#service.registry.get(deviceId);
    return String(responseBody.connectionState) === 'Connected';
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.emulator.close();
    await this.#folder[Symbol.asyncDispose]();
  }
}
