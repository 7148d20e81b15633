import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createCleanup } from './support/cleanup.js';
import {
  filesBelow,
  installPackage,
  type PackedPackage,
  packPackage,
  readManifest,
} from './support/package.js';
import { type Program, startProgram } from './support/program.js';
import { createTemporaryFolder } from './support/temporary-folder.js';

describe('the npm package', () => {
  const cleanup = createCleanup();
  let packed: PackedPackage;
  let folder: string;

  beforeAll(async () => {
    packed = cleanup.use(await packPackage());
    folder = cleanup.use(await createTemporaryFolder()).path;
    await installPackage(packed.tarball, folder);
  });

  afterAll(() => cleanup[Symbol.asyncDispose]());

  /** What `npx twinql` runs in the folder; not npx itself, which does not hand on signals. */
  function twinql(args: readonly string[], env: Readonly<Record<string, string>> = {}): Program {
    return startProgram(join(folder, 'node_modules/.bin/twinql'), { args, env, cwd: folder });
  }

  test('holds the program, its schema and its documents, and nothing else', async () => {
    const programs = (await filesBelow('src')).map((file) => `dist/${file.replace(/ts$/, 'js')}`);
    const pages = (await filesBelow('docs')).filter((file) => /^[^/]+\.md$/.test(file));

    expect(packed.files).toEqual(
      [
        ...programs,
        ...pages.map((page) => `docs/${page}`),
        ...['CHANGELOG.md', 'LICENSE', 'README.md', 'SECURITY.md'],
        ...['npm-shrinkwrap.json', 'package.json', 'schema.graphql'],
      ].sort(),
    );
  });

  test('brings the versions that were tested, and nothing that only developers need', async () => {
    const file = join(folder, 'node_modules/twinql/npm-shrinkwrap.json');
    const { packages } = JSON.parse(await readFile(file, 'utf8')) as {
      packages: Record<string, { version?: string; devDependencies?: object }>;
    };
    const { dependencies } = await readManifest();

    for (const name of Object.keys(dependencies)) {
      const installed = await readFile(join('node_modules', name, 'package.json'), 'utf8');
      const { version } = JSON.parse(installed) as { version: string };
      expect(packages[`node_modules/${name}`]).toMatchObject({ version });
    }
    expect(packages).not.toHaveProperty(['node_modules/vitest']);
    expect(packages['']).not.toHaveProperty('devDependencies');
  });

  test('is installed without running anything', async () => {
    const { scripts } = await readManifest();
    const onInstall = ['preinstall', 'install', 'postinstall', 'prepare'];
    expect(Object.keys(scripts).filter((name) => onInstall.includes(name))).toEqual([]);
  });

  test('is found by npx', async () => {
    await using program = startProgram('-e', {
      args: [
        "require('child_process').execSync('npx --offline twinql --version', {stdio: 'inherit'})",
      ],
      cwd: folder,
    });
    const { version } = await readManifest();

    expect(await program.exit()).toEqual({ code: 0, signal: null });
    expect(program.output).toContain(version);
  });

  test('prints its schema', async () => {
    await using program = twinql(['schema']);
    await program.exit();
    expect(program.output).toBe(await readFile('schema.graphql', 'utf8'));
  });

  test('checks a configuration', async () => {
    await using program = twinql(['check-config'], { PORT: '4001' });
    expect(await program.exit()).toEqual({ code: 0, signal: null });
    expect(program.output).toMatch(/^ {2}port +4001$/m);
  });

  test('runs a gateway for the emulator that it brings, each by itself', async () => {
    await using emulator = twinql([
      'emulator',
      '--https-port=0',
      '--mqtt-port=0',
      '--amqp-port=0',
      '--device=pump-1',
    ]);
    const [, connectionString = ''] = await emulator.waitFor(
      /^Service connection string:\n +(HostName=\S+)$/m,
    );
    const [, caFile = ''] = await emulator.waitFor(/^ +(\S+\/ca\.pem)$/m);
    await using gateway = twinql(['start'], {
      PORT: '0',
      NODE_ENV: 'production',
      IOTHUB_CONNECTION_STRING: connectionString,
      IOTHUB_CA_FILE: caFile,
    });
    const [, url = ''] = await gateway.waitFor(/WebSocket at (\S+)/);
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ devices { nodes { deviceId } } }' }),
    });
    const answer = await response.json();
    gateway.kill('SIGTERM');

    expect(answer).toMatchObject({ data: { devices: { nodes: [{ deviceId: 'pump-1' }] } } });
    expect(await gateway.exit()).toEqual({ code: 0, signal: null });
    expect(caFile.startsWith(folder)).toBe(true);
    expect(await filesBelow(join(folder, '.data'))).toContain('twinql.db');
  });
});
