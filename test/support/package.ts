/** The npm package, as it is published and as it is installed. */
import { execFile } from 'node:child_process';
import { cp, mkdir, readdir, readFile, symlink } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { promisify } from 'node:util';
import { createTemporaryFolder } from './temporary-folder.js';

const run = promisify(execFile);

interface Manifest {
  readonly version: string;
  readonly bin: Readonly<Record<string, string>>;
  readonly files: readonly string[];
  readonly dependencies: Readonly<Record<string, string>>;
  readonly scripts: Readonly<Record<string, string>>;
}

export async function readManifest(): Promise<Manifest> {
  return JSON.parse(await readFile('package.json', 'utf8')) as Manifest;
}

/** The paths of all files below a folder, relative to it. */
export async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort();
}

/** A package in a folder that goes with its test. */
export interface PackedPackage extends AsyncDisposable {
  readonly tarball: string;
  /** The paths that are in it. */
  readonly files: readonly string[];
}

/**
 * Packs what is built. In a copy, as packing builds anew, which would take the ground from under tests
 * that run what is built; and without what a build of an earlier source has left in `dist`.
 */
export async function packPackage(): Promise<PackedPackage> {
  const folder = await createTemporaryFolder();
  const staged = join(folder.path, 'staged');
  const root = process.cwd();
  const sources = new Set((await filesBelow('src')).map((file) => file.replace(/\.ts$/, '')));
  const isCurrent = (file: string) => {
    const [, output] = /^dist\/(.+?)\.js(\.map)?$/.exec(relative(root, file)) ?? [];
    return output === undefined || sources.has(output);
  };
  // What other tests write here meanwhile is gone at any moment.
  const kept = (file: string) =>
    !/(^|\/)(node_modules|\.git|\.emulator|\.data|target)(\/|$)|\.tmp\.mjs$/.test(
      relative(root, file),
    ) && isCurrent(file);
  await cp(root, staged, { recursive: true, filter: kept });
  await run(process.execPath, ['deploy/shrinkwrap.mjs'], { cwd: staged });
  const { stdout } = await run('npm', ['pack', '--json', '--ignore-scripts'], { cwd: staged });
  const [packed] = JSON.parse(stdout) as [{ filename: string; files: { path: string }[] }];
  return {
    tarball: join(staged, packed.filename),
    files: packed.files.map(({ path }) => path).sort(),
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}

/**
 * Unpacks a package into an empty folder, as npm does, beside the dependencies that it declares and no
 * others: those that are installed here. So it needs no registry, and what is imported without being
 * declared is not found.
 */
export async function installPackage(tarball: string, folder: string): Promise<void> {
  const { bin, dependencies } = await readManifest();
  const modules = join(folder, 'node_modules');
  const home = join(modules, 'twinql');
  await mkdir(home, { recursive: true });
  await run('tar', ['--extract', '--file', tarball, '--strip-components=1', '--directory', home]);
  for (const name of Object.keys(dependencies)) {
    const place = join(modules, name);
    await mkdir(dirname(place), { recursive: true });
    await symlink(resolve('node_modules', name), place);
  }
  await mkdir(join(modules, '.bin'));
  for (const [name, file] of Object.entries(bin)) {
    await run('chmod', ['+x', join(home, file)]);
    await symlink(join('..', 'twinql', file), join(modules, '.bin', name));
  }
}
