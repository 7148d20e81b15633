import { readFileSync, writeFileSync } from 'node:fs';
import { parse, print } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { parseConfigFile } from '../src/config/file.js';
import { tutorialProfiles } from '../src/services/actions/built-in.js';
import { profileListForm } from '../src/services/actions/profile-form.js';
import { startTestEmulator, type TestEmulator } from './emulator/support/emulator.js';
import { startGateway, type TestGateway } from './support/gateway.js';
import { blocksOf } from './support/pages.js';
import { createTemporaryFolder } from './support/temporary-folder.js';

const page = (name: string) => readFileSync(`docs/${name}.md`, 'utf8');

/** Every key of an object in a JSON Schema, at any depth. */
function keysOf(schema: unknown): readonly string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const { properties = {} } = schema as { properties?: object };
  return [...Object.keys(properties), ...Object.values(schema).flatMap(keysOf)];
}

describe('docs/profiles.md', () => {
  test('has every key of a profile in its tables, and no other', () => {
    const schema = z.toJSONSchema(profileListForm([]), { io: 'input', unrepresentable: 'any' });
    const known = new Set(keysOf(schema));
    // Of `where`, told in its row.
    for (const key of ['deviceIds', 'tags', 'desired', 'reported']) known.delete(key);
    const [, reference = ''] = page('profiles').split('## Reference\n');
    const [tables = ''] = reference.split('\n## ');
    const told = [...tables.matchAll(/^\| `(\w+)` \|/gm)].map(([, key]) => key ?? '');

    expect([...new Set(told)].sort()).toEqual([...known].sort());
  });
});

describe('docs/operations.md', () => {
  test('has every built-in profile in its table, with its command, evidence and deadline', () => {
    const rows = page('operations').match(/^\| `\w+` \| `\w+`.* s \|$/gm) ?? [];

    expect(rows).toHaveLength(tutorialProfiles.length);
    for (const [index, profile] of tutorialProfiles.entries()) {
      const { action, name, command, evidence, deadlineSeconds } = profile;
      const sent = command.kind === 'METHOD' ? command.name : command.path.join('.');
      for (const part of [action, name, sent, evidence?.path.join('.')]) {
        expect(rows[index]).toContain(`\`${part}\``);
      }
      expect(rows[index]).toContain(`| ${deadlineSeconds} s |`);
    }
  });
});

describe('the operations that the pages show', () => {
  let emulator: TestEmulator;
  let gateway: TestGateway;

  beforeAll(async () => {
    emulator = await startTestEmulator();
    emulator.registerDevice('myDeviceId');
    await using folder = await createTemporaryFolder();
    const [profiles = ''] = blocksOf('docs/profiles.md', 'yaml');
    expect(parseConfigFile(profiles).problems).toEqual([]);
    const CONFIG_FILE = `${folder.path}/twinql.yaml`;
    writeFileSync(CONFIG_FILE, profiles);
    gateway = await startGateway(emulator, { environment: { CONFIG_FILE } });
  });

  afterAll(async () => {
    await gateway[Symbol.asyncDispose]();
    await emulator[Symbol.asyncDispose]();
  });

  const shown = ['docs/operations.md', 'docs/profiles.md'].flatMap((path) =>
    blocksOf(path, 'graphql'),
  );

  test.each(shown)('run: %s', async (source) => {
    const started = await gateway.data<{ invokeMethod: { operation: { id: string } } }, object>(
      parse(
        'mutation { invokeMethod(input: {deviceId: "myDeviceId", method: "m"}) { operation { id } } }',
      ),
      {},
    );
    const { id } = started.invokeMethod.operation;
    const { data, errors } = await gateway.execute<Record<string, unknown>, object>(parse(source), {
      id,
    });

    expect(errors, print(parse(source))).toEqual([]);
    for (const value of Object.values(data ?? {})) expect(value).not.toBeNull();
  });

  test('are some', () => {
    expect(shown).toHaveLength(7);
  });
});
