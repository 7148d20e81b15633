import type { RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { issueCertificates } from '../../../src/emulator/certificates.js';
import { createHostNames } from '../../../src/emulator/host-names.js';
import { createTemporaryFolder } from '../../support/temporary-folder.js';

/** A server that says what a hub never would, for answers that no fault of the emulator gives. */
export interface BareHub extends AsyncDisposable {
  readonly connectionString: string;
  readonly ca: string;
}

/** Base64, as every key is; a test that finds it in a message has found a leak. */
export const secretKey = Buffer.from('a key that must never be seen').toString('base64');

export async function startBareHub(answer: RequestListener): Promise<BareHub> {
  const folder = await createTemporaryFolder();
  const { ca, certificate, privateKey } = await issueCertificates(
    folder.path,
    createHostNames(undefined),
    new Date(),
  );
  const server = createTlsServer({ cert: certificate, key: privateKey }, answer);
  const port = await listen(server);
  return {
    connectionString: `HostName=localhost:${port};SharedAccessKeyName=owner;SharedAccessKey=${secretKey}`,
    ca,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await folder[Symbol.asyncDispose]();
    },
  };
}

/** A port of this machine on which nothing listens. */
export async function findClosedPort(): Promise<number> {
  const server = createServer();
  const port = await listen(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}
