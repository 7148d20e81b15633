import { hubError } from '../errors.js';
import { getOwn, isJsonObject, type JsonObject, type JsonValue } from '../json.js';
import type { MethodCall } from './methods.js';

const maxPayloadBytes = 128 * 1024;
/** From "Understand and invoke direct methods from IoT Hub". */
const methodName = /^[^$()<>@,;:\\"/[\]?={}\s]{1,100}$/;
const printable = /^[\x21-\x7e]*$/;

/** Reads a method call, or throws the hub's 400004. */
export function parseMethodCall(body: JsonValue | undefined): MethodCall {
  if (!isJsonObject(body)) throw invalid('The method call is not a JSON object.');
  const payload = getOwn(body, 'payload') ?? null;
  if (Buffer.byteLength(JSON.stringify(payload)) > maxPayloadBytes) {
    throw invalid(`The payload is larger than ${maxPayloadBytes} bytes.`);
  }
  const responseTimeoutInSeconds = readSeconds(body, 'responseTimeoutInSeconds', 30, 5);
  const connectTimeoutInSeconds = readSeconds(body, 'connectTimeoutInSeconds', 0, 0);
  if (connectTimeoutInSeconds > responseTimeoutInSeconds) {
    throw invalid('connectTimeoutInSeconds must not be greater than responseTimeoutInSeconds.');
  }
  return {
    methodName: readMethodName(body),
    payload,
    responseTimeoutInSeconds,
    connectTimeoutInSeconds,
  };
}

function readMethodName(body: JsonObject): string {
  const name = getOwn(body, 'methodName');
  if (typeof name !== 'string' || !methodName.test(name) || !printable.test(name)) {
    throw invalid(
      'methodName must be 1 to 100 printable ASCII characters other than $ ( ) < > @ , ; : \\ " / [ ] ? = { }.',
    );
  }
  return name;
}

function readSeconds(body: JsonObject, name: string, byDefault: number, least: number): number {
  const value = getOwn(body, name) ?? byDefault;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < least || value > 300) {
    throw invalid(`${name} must be within [${least}; 300].`);
  }
  return value;
}

function invalid(message: string): Error {
  return hubError('ArgumentInvalid', message);
}
