/** Devices that behave like those of Microsoft's device management tutorials, on the official device SDK. */
import { type Clock, systemClock } from './clock.js';
import { createConnection } from './connection.js';
import type { Convention, ConventionName, Device, MethodCall, Properties } from './convention.js';
import { createJavaDevice } from './java-device.js';
import { type Logger, silentLogger } from './logger.js';
import { createNodeDevice } from './node-device.js';
import { createPythonDevice } from './python-device.js';
import { openSession } from './session.js';
import { createTimers } from './timers.js';

export interface DeviceOptions {
  readonly convention: ConventionName;
  /** The device's own, as the hub's registry gives it. */
  readonly connectionString: string;
  /** The hub's CA, as PEM text or the path of a PEM file, where the process does not trust it already. */
  readonly ca?: string | undefined;
  /** `python`: how long a reboot takes. Default: 20. */
  readonly busySeconds?: number | undefined;
  /** `java`: how long after its answer the device reports. Default: 5. */
  readonly reportDelaySeconds?: number | undefined;
  /** `node`: how long the restart keeps the device offline. Default: 2. */
  readonly restartSeconds?: number | undefined;
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
  const convention = createConvention(options);
  const logger = aboutDevice(options.logger ?? silentLogger, deviceId);
  const timers = createTimers(clock);
  let telemetryIntervalSeconds = 60;

  const connection = createConnection({
    openSession: () =>
      openSession({
        connectionString,
        ca,
        method: convention.rebootMethod,
        onMethod: runReboot,
        onDesired: adoptSettings,
      }),
    introduce: () => ({ ...convention.properties, telemetryIntervalSeconds }),
    timers,
    logger,
  });
  const device: Device = {
    now: clock.now,
    wait: timers.wait,
    report: connection.report,
    restart: connection.restart,
  };
  await connection.opened;

  return {
    deviceId,
    convention: convention.name,
    async stop() {
      timers.cancelAll();
      await connection.close();
    },
  };

  function runReboot(call: MethodCall): void {
    logger.info({ method: call.method }, 'asked to reboot');
    convention.reboot(call, device).then(
      () => logger.info({}, 'rebooted'),
      (error: Error) => logger.warn({ error: error.message }, 'the reboot failed'),
    );
  }

  function adoptSettings(desired: Properties): void {
    const wanted = desired['telemetryIntervalSeconds'];
    if (typeof wanted !== 'number' || wanted === telemetryIntervalSeconds) return;
    telemetryIntervalSeconds = wanted;
    connection.report({ telemetryIntervalSeconds }).then(
      () => logger.info({ telemetryIntervalSeconds }, 'adopted settings'),
      (error: Error) => logger.warn({ error: error.message }, 'could not report settings'),
    );
  }
}

function createConvention(options: DeviceOptions): Convention {
  switch (options.convention) {
    case 'node':
      return createNodeDevice(options);
    case 'python':
      return createPythonDevice(options);
    case 'java':
      return createJavaDevice(options);
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
