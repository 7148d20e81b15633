// Sends the fixed ports of an official Azure SDK to a hub that listens elsewhere, without touching the SDK: a preload,
// NODE_OPTIONS="--require …/hub-ports.cjs", for clients that cannot be given a port (azure-iothub always dials 443).
// HUB_PORTS says where to: "443=18443,8883=18883". HUB_CA names a PEM file to trust there, for a process that is under
// way already: NODE_EXTRA_CA_CERTS is read at its start only. Nothing but TLS connections to localhost is redirected.
'use strict';

const { readFileSync } = require('node:fs');
const tls = require('node:tls');

const connect = tls.connect;

tls.connect = function connectToHub(...args) {
  const options = connectOptions(args);
  const port = options?.host === 'localhost' ? hubPort(Number(options.port)) : undefined;
  // A socket that exists already is somebody else's connection, made before TLS.
  if (port === undefined || options.socket) return connect.apply(tls, args);
  const listener = args.find((arg) => typeof arg === 'function');
  return connect.call(tls, { ...options, ...hubTrust(), port }, listener);
};

// The forms are (options), (port, options) and (port, host, options); what the options say comes before the rest.
function connectOptions([first, ...rest]) {
  if (typeof first === 'object') return first;
  const host = rest.find((arg) => typeof arg === 'string');
  return { port: first, host: host ?? 'localhost', ...rest.find((arg) => typeof arg === 'object') };
}

function hubPort(port) {
  const pairs = (process.env.HUB_PORTS ?? '').split(',').map((pair) => pair.split('=').map(Number));
  return pairs.find(([from]) => from === port)?.[1];
}

function hubTrust() {
  return process.env.HUB_CA ? { ca: readFileSync(process.env.HUB_CA) } : {};
}
