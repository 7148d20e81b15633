import { chmod, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { expect, test } from 'vitest';
import { startProgram } from './support/program.js';
import { createTemporaryFolder } from './support/temporary-folder.js';

/** Runs the check where `npm` gives an answer of our choice, in the place of a registry. */
async function audit(answer: unknown, status: number) {
  await using folder = await createTemporaryFolder();
  const npm = join(folder.path, 'npm');
  await writeFile(join(folder.path, 'answer.json'), JSON.stringify(answer));
  await writeFile(npm, `#!/bin/sh\ncat '${folder.path}/answer.json'\nexit ${status}\n`);
  await chmod(npm, 0o755);
  const PATH = [folder.path, process.env['PATH']].join(delimiter);
  await using program = startProgram('.ci/audit.mjs', { env: { PATH } });
  const { code } = await program.exit();
  return { code, output: program.output };
}

const metadata = { vulnerabilities: {}, dependencies: { prod: 450 } };

test('known vulnerabilities are named, and fail the check when they are grave', async () => {
  const vulnerabilities = { left: { name: 'left', severity: 'critical', range: '<2' } };
  expect(await audit({ vulnerabilities, metadata }, 1)).toEqual({
    code: 1,
    output: 'critical: left <2\n450 packages of production\n',
  });
  expect(await audit({ vulnerabilities: {}, metadata }, 0)).toMatchObject({ code: 0 });
});

test('a registry that does not tell of them fails nothing, in one line', async () => {
  const answer = { message: 'Method Not Allowed', uri: 'https://mirror.example/', statusCode: 405 };
  expect(await audit(answer, 1)).toEqual({
    code: 0,
    output: 'NOT AUDITED: the registry does not tell of vulnerabilities (405)\n',
  });
});

test.each([[{ error: { code: 'ENOLOCK' } }], ['no report']])(
  'every other failure fails: %j',
  async (answer) => {
    expect(await audit(answer, 1)).toMatchObject({
      code: 1,
      output: expect.stringMatching(/^npm audit failed:/),
    });
  },
);
