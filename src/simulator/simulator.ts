/** Devices that behave like those of Microsoft's device management tutorials, on the official device SDK. */

import { type BehaviourOptions, createBehaviour } from './behaviour.js';
import { type Clock, systemClock } from './clock.js';
import { createConnection } from './connection.js';
import type { Convention, ConventionName, Device, Properties } from './convention.js';
import { type Logger, silentLogger } from './logger.js';
import { openSession } from './session.js';
import { createTimers } from './timers.js';

export interface DeviceOptions extends BehaviourOptions {
  /** The device's own, as the hub's registry gives it. */
  readonly connectionString: string;
  /** The hub's CA, as PEM text or the path of a PEM file, where the process does not trust it already. */
  readonly ca?: string | undefined;
  /** What it reports besides, whenever it connects. */
  readonly properties?: Properties | undefined;
  readonly logger?: Logger | undefined;
  readonly clock?: Clock | undefined;
}

export interface SimulatedDevice {
  readonly deviceId: string;
  readonly convention: ConventionName;
  /** Disconnects for good, in whatever state; no timer, socket or listener remains. */
  stop(): Promise<void>;
}

/**
 * Connects a device and resolves once it can be called and has reported what it is.
 *
 * Rejects when the connection string is not one (`TypeError`) or when the first connection fails. Later losses mend
 * by themselves: the device tries again until it is stopped.
 */
export async function startDevice(options: DeviceOptions): Promise<SimulatedDevice> {
  const { connectionString, ca, clock = systemClock } = options;
  const deviceId = parseDeviceId(connectionString);
  const { conventions, faults } = createBehaviour(options);
  const methods: NonNullable<Convention['methods']> = Object.assign(
    {},
    ...conventions.map((convention) => convention.methods),
  );
  const logger = aboutDevice(options.logger ?? silentLogger, deviceId);
  const timers = createTimers(clock);

  const connection = createConnection({
    openSession: () =>
      openSession({
        connectionString,
        ca,
        methods: Object.keys(methods),
        onMethod: (call) => {
          logger.info({ method: call.method }, 'called');
          follow(methods[call.method]?.(call, device), 'carried out');
        },
        onDesired: (desired) => {
          for (const { adopt } of conventions) {
            follow(adopt?.(desired, device), 'adopted desired properties');
          }
        },
      }),
    introduce: () =>
      Object.assign({}, options.properties, ...conventions.map((each) => each.introduce?.())),
    timers,
    logger,
  });
  const device: Device = {
    now: clock.now,
    wait: timers.wait,
    report: connection.report,
    restart: connection.restart,
    fault: faults.current,
    hold: () => faults.hold(device),
  };
  await connection.opened;

  return {
    deviceId,
    convention: options.convention,
    async stop() {
      timers.cancelAll();
      await connection.close();
    },
  };

  function follow(work: Promise<void> | undefined, success: string): void {
    work?.then(
      () => logger.info({}, success),
      (error: Error) => logger.warn({ error: error.message }, 'an action broke off'),
    );
  }
}

/** Says what is wrong without repeating any of it: the string holds the device's key. */
function parseDeviceId(connectionString: string): string {
  const deviceId = /(?:^|;)DeviceId=([^;]+)/.exec(connectionString)?.[1];
  if (deviceId === undefined || !/(?:^|;)HostName=[^;]/.test(connectionString)) {
    throw new TypeError(
      'Expected a device connection string, HostName=…;DeviceId=…;SharedAccessKey=…',
    );
  }
  return deviceId;
}

function aboutDevice(logger: Logger, deviceId: string): Logger {
  return {
    info: (fields, message) => logger.info({ deviceId, ...fields }, message),
    warn: (fields, message) => logger.warn({ deviceId, ...fields }, message),
  };
}
