import { issueCertificates } from '../../dist/emulator/certificates.js';
import { createHostNames } from '../../dist/emulator/host-names.js';

/** A certificate of the kind that the emulator has, so that handshakes and records cost the same. */
export async function createTlsOptions(dataDir) {
  const { ca, certificate, privateKey } = await issueCertificates(
    dataDir,
    createHostNames(),
    new Date(),
  );
  return { ca, options: { key: privateKey, cert: certificate, minVersion: 'TLSv1.2' } };
}
