import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runStep } from './processes.mjs';

const requirements = fileURLToPath(new URL('python/requirements.txt', import.meta.url));
const checks = fileURLToPath(new URL('python/checks.py', import.meta.url));
const advice =
  'python needs Python 3.9 or later with venv, and PyPI (Debian: apt-get install python3 python3-venv).';

/** A virtual environment with the SDKs; made anew when the requirements or the interpreter change. */
export async function prepare(cache) {
  const folder = join(cache, 'python');
  const version = await runStep('python3', ['--version'], advice);
  const wanted = `${version}${readFileSync(requirements, 'utf8')}`;
  const stamp = join(folder, 'prepared-for.txt');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  rmSync(folder, { recursive: true, force: true });
  await runStep('python3', ['-m', 'venv', folder], advice);
  const install = ['-m', 'pip', 'install', '--quiet', '--requirement', requirements];
  await runStep(join(folder, 'bin', 'python'), install, advice);
  writeFileSync(stamp, wanted);
}

export function describeChecks(hub, cache) {
  return {
    file: join(cache, 'python', 'bin', 'python'),
    args: [checks],
    env: {
      HUB_CONNECTION_STRING: hub.sdkConnectionString,
      HUB_DEVICE_HOST: 'localhost',
      HUB_CA_FILE: hub.caFile,
      REQUESTS_CA_BUNDLE: hub.caFile,
      SSL_CERT_FILE: hub.caFile, // for AMQP
      PYTHONDONTWRITEBYTECODE: '1',
    },
  };
}
