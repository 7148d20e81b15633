import type { IncomingMessage } from 'node:http';
import { hubError } from '../errors.js';
import type { HostNames } from '../host-names.js';

/**
 * A browser sends an Origin, an SDK does not; a name rebound to this machine is not one of ours.
 * Either way a web page would be speaking to a hub on the developer's loopback. Throws 403.
 */
export function refuseStrangers(hostNames: HostNames, request: IncomingMessage): void {
  if (request.headers.origin !== undefined) {
    throw hubError('Forbidden', 'Web pages may not call the emulator: the request has an Origin.');
  }
  checkHost(hostNames, request);
}

/**
 * The same for WebSockets, where Python's MQTT library gives the emulator itself as its Origin.
 * No page has that origin: the emulator serves none.
 */
export function refuseStrangeSockets(hostNames: HostNames, request: IncomingMessage): void {
  const { origin, host } = request.headers;
  if (origin !== undefined && origin !== `https://${host}`) {
    throw hubError('Forbidden', 'Web pages may not call the emulator: the Origin is another.');
  }
  checkHost(hostNames, request);
}

function checkHost(hostNames: HostNames, request: IncomingMessage): void {
  if (!hostNames.has(request.headers.host ?? '')) {
    throw hubError('Forbidden', 'The Host of the request is not a name of the emulator.');
  }
}
