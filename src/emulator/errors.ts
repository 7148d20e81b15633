import type { Clock } from './clock.js';

/**
 * The errors a hub answers with: name, HTTP status and number.
 * From "Troubleshoot Azure IoT Hub error codes" and the error codes of the official service SDKs.
 */
const catalogue = {
  InvalidProtocolVersion: [400, 400001],
  InvalidOperation: [400, 400003],
  ArgumentInvalid: [400, 400004],
  ArgumentNull: [400, 400005],
  IotHubFormatError: [400, 400006],
  DeviceDefinedMultipleTimes: [400, 400011],
  BulkRegistryOperationFailure: [400, 400013],
  DeviceAuthenticationTypeIsMissing: [400, 400000],
  StringIsNotThumbprint: [400, 400000],
  IotHubUnauthorizedAccess: [401, 401002],
  IotHubUnauthorized: [401, 401003],
  IotHubQuotaExceeded: [403, 403002],
  DeviceMaximumQueueDepthExceeded: [403, 403004],
  Forbidden: [403, 403000],
  DeviceNotFound: [404, 404001],
  JobNotFound: [404, 404002],
  ModuleNotFound: [404, 404010],
  DeviceNotOnline: [404, 404103],
  DeviceConnectionClosedRemotely: [404, 404104],
  ResourceNotFound: [404, 404000],
  MethodNotAllowed: [405, 405000],
  OperationNotAllowedInCurrentState: [405, 405001],
  DeviceAlreadyExists: [409, 409001],
  ModuleAlreadyExistsOnDevice: [409, 409301],
  JobAlreadyExists: [409, 409002],
  PreconditionFailed: [412, 412001],
  DeviceMessageLockLost: [412, 412002],
  MessageTooLarge: [413, 413001],
  TooManyDevices: [413, 413002],
  TooManyModulesOnDevice: [413, 413003],
  ThrottlingException: [429, 429001],
  ThrottlingBacklogTimeout: [429, 429003],
  ThrottlingMaxActiveJobCountExceeded: [429, 429004],
  ServerError: [500, 500001],
  BadDeviceResponse: [502, 502000],
  ServiceUnavailable: [503, 503001],
  GatewayTimeout: [504, 504101],
} as const satisfies Record<string, readonly [status: number, number: number]>;

export type ErrorName = keyof typeof catalogue;

/**
 * A refusal as the hub words it. `name` becomes the `iothub-errorcode` header,
 * `number` the `errorCode` that devices and direct methods see.
 */
export class HubError extends Error {
  readonly status: number;
  readonly number: number;

  constructor(
    override readonly name: string,
    message: string,
    codes: { readonly status: number; readonly number: number },
  ) {
    super(message);
    this.status = codes.status;
    this.number = codes.number;
  }
}

/** The hub's refusal of that name, with the status and number the hub gives it. */
export function hubError(name: ErrorName, message: string): HubError {
  const [status, number] = catalogue[name];
  return new HubError(name, message, { status, number });
}

/** Any status with any code, as a fault asks for: a known name brings its number, a number its own. */
export function arbitraryError(status: number, code: string, message: string): HubError {
  const known = Object.hasOwn(catalogue, code) ? catalogue[code as ErrorName] : undefined;
  const number = known?.[1] ?? (/^\d{6}$/.test(code) ? Number(code) : status * 1000);
  const byNumber = Object.entries(catalogue).find(([, codes]) => codes[1] === number);
  return new HubError(known === undefined ? (byNumber?.[0] ?? code) : code, message, {
    status,
    number,
  });
}

/** Gives each answer an id that a log can be searched for, as the hub's support asks for. */
export type CreateTrackingId = () => string;

/** The registry's and twins' envelope. */
export function formatError(error: HubError, trackingId: string, clock: Clock): string {
  return JSON.stringify({
    Message: `ErrorCode:${error.name};${error.message}`,
    ExceptionMessage: `Tracking ID:${trackingId}-G:0-TimeStamp:${formatTimeStamp(clock.now())}`,
  });
}

/** Direct methods carry the newer envelope as text inside the older one. */
export function formatNestedError(error: HubError, trackingId: string, clock: Clock): string {
  const inner = JSON.stringify({
    errorCode: error.number,
    trackingId,
    message: error.message,
    info: {},
    timestampUtc: formatUtc(clock.now()),
  });
  return JSON.stringify({ Message: inner, ExceptionMessage: '' });
}

/** What a device finds in a refused twin request. */
export function formatDeviceError(error: HubError, trackingId: string, clock: Clock): string {
  return JSON.stringify({
    errorCode: error.number,
    message: error.message,
    trackingId,
    timestampUtc: formatUtc(clock.now()),
  });
}

function formatUtc(at: Date): string {
  return at.toISOString().replace('Z', '0000Z');
}

function formatTimeStamp(at: Date): string {
  const [date, time] = at.toISOString().split(/[T.]/);
  const [year, month, day] = (date ?? '').split('-');
  return `${month}/${day}/${year} ${time}`;
}
