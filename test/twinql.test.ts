import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseConfigFile } from '../src/config/file.js';
import { startProgram } from './support/program.js';

/** Runs `twinql` to its end. */
async function twinql(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  await using program = startProgram('dist/twinql.js', { args, env });
  const { code } = await program.exit();
  return { code, output: program.output };
}

const commands = ['start', 'emulator', 'check-config', 'create-api-key', 'verify-audit', 'schema'];

describe('the command twinql', () => {
  test.each([[[]], [['--help']], [['help']]])('names its commands for %j', async (args) => {
    const { code, output } = await twinql(args);

    expect(code).toBe(0);
    for (const command of commands) expect(output).toMatch(new RegExp(`^  ${command} +\\w`, 'm'));
  });

  test.each(commands)('explains %s instead of running it, when asked for help', async (command) => {
    const { code, output } = await twinql([command, '--help']);

    expect(code).toBe(0);
    expect(output).toMatch(new RegExp(`^twinql ${command}\\b`));
  });

  test.each([
    [['reboot'], 2, /^twinql has no command "reboot"/],
    [['toString'], 2, /^twinql has no command "toString"/],
    [['start', '--port', '1'], 2, /^Unknown option '--port'/],
    [['schema', 'device'], 2, /^Unexpected argument 'device'/],
    [
      ['emulator', '--port', '1'],
      1,
      /^Unknown option '--port'[\s\S]*^twinql emulator \[options\]/m,
    ],
  ])('does not guess what %j may mean', async (args, status, message) => {
    const { code, output } = await twinql(args);

    expect(code).toBe(status);
    expect(output).toMatch(message);
  });

  test('makes an API key, which is in no configuration, and the entry that admits it', async () => {
    const { code, output } = await twinql(['create-api-key', 'ci', '--role', 'operator']);
    const [key = ''] = /twinql_\w{49}/.exec(output) ?? [];
    const { apiKeys, problems } = parseConfigFile(output.slice(output.indexOf('apiKeys:')));

    expect(code).toBe(0);
    expect(problems).toEqual([]);
    expect(apiKeys).toMatchObject([{ id: 'ci', roles: ['operator'] }]);
    expect(apiKeys[0]?.sha256).toBe(createHash('sha256').update(key).digest('hex'));
    expect(JSON.stringify(apiKeys)).not.toContain(key);
  });

  test.each([
    [[], /^ID: expected one name/],
    [['ci', '--days', '0'], /^--days: expected a number of days/],
    [['ci', '--boss'], /^Unknown option '--boss'/],
  ])('makes no API key of %j', async (args, message) => {
    const { code, output } = await twinql(['create-api-key', ...args]);

    expect(code).toBe(2);
    expect(output).toMatch(message);
  });

  test('prints its version', async () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    expect(await twinql(['--version'])).toEqual({ code: 0, output: `${version}\n` });
  });

  test('prints the schema, and nothing else', async () => {
    const sdl = readFileSync('schema.graphql', 'utf8');
    expect(await twinql(['schema'])).toEqual({ code: 0, output: sdl });
  });

  test('tells by its exit code whether a configuration can be used', async () => {
    expect(await twinql(['check-config'])).toMatchObject({
      code: 0,
      output: expect.stringMatching(/^ {2}port +4000$/m),
    });
    expect(await twinql(['check-config'], { PORT: 'x', LOG_LEVEL: 'loud' })).toMatchObject({
      code: 1,
      output: expect.stringMatching(/^PORT: .*\nLOG_LEVEL: /m),
    });
  });
});
