import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { startProgram } from './support/program.js';
import { createTemporaryFolder } from './support/temporary-folder.js';

/** Runs the check on a lock file. */
async function check(packages: Readonly<Record<string, object>>) {
  await using folder = await createTemporaryFolder();
  await writeFile(join(folder.path, 'package-lock.json'), JSON.stringify({ packages }));
  await using program = startProgram(resolve('.ci/licenses.mjs'), { cwd: folder.path });
  const { code } = await program.exit();
  return { code, output: program.output };
}

test('what production depends on may be passed on', async () => {
  await using program = startProgram('.ci/licenses.mjs');
  expect(await program.exit()).toEqual({ code: 0, signal: null });
  expect(program.output).toMatch(/^\d{3} packages of production/);
});

test('a licence is allowed when what is allowed suffices for it', async () => {
  const { code, output } = await check({
    '': { license: 'anything' },
    'node_modules/either': { version: '1.0.0', license: '(GPL-3.0 OR MIT)' },
    'node_modules/both': { version: '1.0.0', license: 'MIT AND (ISC OR GPL-2.0)' },
    'node_modules/for-developers': { version: '1.0.0', license: 'GPL-3.0', dev: true },
  });
  expect(code).toBe(0);
  expect(output).toMatch(/^2 packages/);
});

test('every other is named, wherever it is installed', async () => {
  const { code, output } = await check({
    'node_modules/good': { version: '1.0.0', license: 'MIT' },
    'node_modules/one-of-two': { version: '2.0.0', license: 'MIT AND GPL-2.0' },
    'node_modules/good/node_modules/@scope/deep': { version: '3.0.0', license: 'AGPL-3.0' },
    'node_modules/silent': { version: '4.0.0' },
    'node_modules/unclear': { version: '5.0.0', license: 'MIT WITH exception' },
  });
  expect(code).toBe(1);
  expect(output.split('\n').slice(0, 4).sort()).toEqual([
    '@scope/deep 3.0.0 is under AGPL-3.0',
    'one-of-two 2.0.0 is under MIT AND GPL-2.0',
    'silent 4.0.0 is under no licence that it tells',
    'unclear 5.0.0 is under MIT WITH exception',
  ]);
});
