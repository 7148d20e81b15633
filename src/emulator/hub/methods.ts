import type { Clock } from '../clock.js';
import { hubError } from '../errors.js';
import { type JsonValue, parseJson } from '../json.js';
import type { DeviceLink } from './device-link.js';
import type { Identity } from './identity.js';
import type { Links } from './links.js';

export interface MethodCall {
  readonly methodName: string;
  readonly payload: JsonValue;
  /** How long a device may take to answer once it has the call. */
  readonly responseTimeoutInSeconds: number;
  /** How long to wait for a device that is not there. */
  readonly connectTimeoutInSeconds: number;
}

export interface MethodResult {
  /** The device's own number, of which the hub thinks nothing. */
  readonly status: number;
  readonly payload: JsonValue;
}

/** Direct methods in flight. They are not queued, not ordered and not repeated. */
export interface Methods {
  /** Resolves with the device's answer, or throws the hub's 404103, 404104, 504101 or 502. */
  invoke(identity: Identity, call: MethodCall): Promise<MethodResult>;
  /** Takes a device's answer; an answer to a call that has ended is dropped. */
  respond(link: DeviceLink, requestId: string, status: number, payload: Buffer): void;
}

interface PendingCall {
  resolve(result: MethodResult): void;
  reject(error: Error): void;
}

const maxPayloadBytes = 128 * 1024;

export function createMethods(links: Links, clock: Clock): Methods {
  const pending = new Map<DeviceLink, Map<string, PendingCall>>();
  let lastRequestId = 0;

  links.onDetach((link) => {
    const calls = pending.get(link);
    pending.delete(link);
    for (const call of calls?.values() ?? []) call.reject(connectionClosed());
  });

  async function findLink(identity: Identity, waitMs: number): Promise<DeviceLink> {
    if (!identity.link?.acceptsMethods && waitMs > 0) await waitForLink(identity, waitMs);
    if (!identity.link?.acceptsMethods) throw notOnline();
    return identity.link;
  }

  function waitForLink(identity: Identity, waitMs: number): Promise<void> {
    return new Promise((resolve) => {
      const finish = () => {
        cancel();
        unwatch();
        resolve();
      };
      const cancel = clock.schedule(finish, waitMs);
      const unwatch = links.watch(identity, () => {
        if (identity.link?.acceptsMethods) finish();
      });
    });
  }

  function send(link: DeviceLink, call: MethodCall): Promise<MethodResult> {
    const requestId = (++lastRequestId).toString(16);
    const calls = pending.get(link) ?? new Map<string, PendingCall>();
    pending.set(link, calls);
    return new Promise<MethodResult>((resolve, reject) => {
      const cancel = clock.schedule(() => reject(timedOut()), call.responseTimeoutInSeconds * 1000);
      calls.set(requestId, {
        resolve: (result) => {
          cancel();
          resolve(result);
        },
        reject: (error) => {
          cancel();
          reject(error);
        },
      });
      link.invokeMethod(call.methodName, requestId, JSON.stringify(call.payload));
    }).finally(() => {
      calls.delete(requestId);
      if (calls.size === 0 && pending.get(link) === calls) pending.delete(link);
    });
  }

  return {
    async invoke(identity, call) {
      const link = await findLink(identity, call.connectTimeoutInSeconds * 1000);
      return await send(link, call);
    },
    respond(link, requestId, status, payload) {
      const call = pending.get(link)?.get(requestId);
      if (call === undefined) return;
      const value = payload.length === 0 ? null : parseJson(payload.toString('utf8'));
      if (value === undefined || payload.length > maxPayloadBytes) call.reject(badResponse());
      else call.resolve({ status, payload: value });
    },
  };
}

function notOnline(): Error {
  return hubError(
    'DeviceNotOnline',
    "The operation failed because the requested device isn't online or hasn't registered the direct method callback.",
  );
}

function connectionClosed(): Error {
  return hubError(
    'DeviceConnectionClosedRemotely',
    'The device closed its connection before it answered.',
  );
}

function timedOut(): Error {
  return hubError('GatewayTimeout', 'Timed out waiting for the response from device.');
}

function badResponse(): Error {
  return hubError(
    'BadDeviceResponse',
    `The device did not answer with at most ${maxPayloadBytes} bytes of JSON.`,
  );
}
