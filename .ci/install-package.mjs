/**
 * Packs the package as for publishing, and installs and runs it in an empty folder as its users would:
 * from a registry, which is one of this script's own that knows this package and sends npm to the
 * machine's registry for every other. (Installed from a file, npm would not heed npm-shrinkwrap.json.)
 */
import { strictEqual } from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const execute = promisify(execFile);
const run = async (cwd, ...args) =>
  (await execute('npm', args, { cwd, maxBuffer: 2 ** 24 })).stdout;

const folder = mkdtempSync(join(tmpdir(), 'twinql-package-'));
const registry = createServer(answer);
const upstream = (await run('.', 'config', 'get', 'registry')).trim();
const manifest = JSON.parse(readFileSync('package.json', 'utf8'));
const { version } = manifest;
let tarball;

function answer({ url, headers }, response) {
  const file = `/twinql/-/twinql-${version}.tgz`;
  if (url === file) return response.end(tarball);
  if (url !== '/twinql') {
    return response.writeHead(307, { location: new URL(url.slice(1), upstream).href }).end();
  }
  const integrity = `sha512-${createHash('sha512').update(tarball).digest('base64')}`;
  const dist = { tarball: `http://${headers.host}${file}`, integrity };
  // What a registry adds to the manifest of a package that holds one.
  const versions = { [version]: { ...manifest, _hasShrinkwrap: true, dist } };
  const document = { name: 'twinql', 'dist-tags': { latest: version }, versions };
  return response.setHeader('content-type', 'application/json').end(JSON.stringify(document));
}

/** The version of what is installed at a path of the lock file, if anything is. */
function installed(path) {
  const file = join(folder, 'node_modules/twinql', path, 'package.json');
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).version : undefined;
}

try {
  await run('.', 'pack', '--pack-destination', folder);
  tarball = readFileSync(join(folder, `twinql-${version}.tgz`));
  await new Promise((resolve) => registry.listen(0, '127.0.0.1', resolve));
  writeFileSync(join(folder, 'package.json'), '{ "private": true }');
  const here = `http://127.0.0.1:${registry.address().port}/`;
  await run(folder, 'install', '--registry', here, '--prefer-offline', 'twinql');

  const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8'));
  let count = 0;
  for (const [path, { version: tested, dev, optional }] of Object.entries(packages)) {
    if (path === '') continue;
    const its = installed(path);
    // One for another platform need not be there.
    if (optional && its === undefined) continue;
    strictEqual(its, dev ? undefined : tested, path);
    if (!dev) count += 1;
  }
  const schema = await run(folder, 'exec', '--offline', '--', 'twinql', 'schema');
  strictEqual(schema, readFileSync('schema.graphql', 'utf8'));
  process.stdout.write(`${count} dependencies, each as tested; it runs\n`);
} finally {
  registry.close();
  registry.closeAllConnections();
  rmSync(folder, { recursive: true, force: true });
}
