import { rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runStep } from './processes.mjs';

const project = fileURLToPath(new URL('java/pom.xml', import.meta.url));
const advice =
  'java needs a JDK of 11 or later, Maven, and Maven Central (Debian: apt-get install default-jdk-headless maven).';
// The device SDK accepts no host name without a dot.
const host = 'twinql.azure-devices.test';
const password = 'changeit';

/** The checks compiled, with the SDKs beside them. */
export async function prepare(cache) {
  await runStep('keytool', ['-help'], advice);
  const build = ['--batch-mode', '--quiet', '--file', project];
  await runStep('mvn', [...build, `-Dbuild.folder=${join(cache, 'java')}`, 'compile'], advice);
}

/** All that the JVM must be told of a local hub: which address its name has, and which authority to trust. */
export async function describeChecks(hub, cache) {
  const hosts = join(cache, 'hub', 'hosts');
  writeFileSync(hosts, `127.0.0.1 localhost ${host}\n`);
  const trust = join(cache, 'hub', 'trust.p12');
  rmSync(trust, { force: true });
  const into = ['-keystore', trust, '-storetype', 'PKCS12', '-storepass', password];
  const from = ['-importcert', '-noprompt', '-alias', 'hub', '-file', hub.caFile];
  await runStep('keytool', [...from, ...into], advice);
  return {
    file: 'java',
    args: [
      '-classpath',
      [join(cache, 'java', 'classes'), join(cache, 'java', 'lib', '*')].join(delimiter),
      `-Djdk.net.hosts.file=${hosts}`,
      `-Djavax.net.ssl.trustStore=${trust}`,
      `-Djavax.net.ssl.trustStorePassword=${password}`,
      '-Dfile.encoding=UTF-8',
      'interop.Checks',
    ],
    env: {
      HUB_CONNECTION_STRING: hub.sdkConnectionString.replace('localhost', host),
      HUB_DEVICE_HOST: host,
    },
  };
}
