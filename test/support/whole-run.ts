/** After a run of all tests: fails it by name for what none of them has shown, as record.ts has it. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import {
  buildSchema,
  getNamedType,
  isEnumType,
  isIntrospectionType,
  isObjectType,
  Kind,
  parse,
} from 'graphql';
import type { TestProject } from 'vitest/node';
import { blocksOf, lineOf } from './pages.js';
import { createTemporaryFolder, type TemporaryFolder } from './temporary-folder.js';

let folder: TemporaryFolder;
let project: TestProject;

export async function setup(started: TestProject): Promise<void> {
  project = started;
  folder = await createTemporaryFolder();
  writeFileSync(recordFile(), '');
  project.provide('recordFile', recordFile());
}

export async function teardown(): Promise<void> {
  const shown = new Set(readFileSync(recordFile(), 'utf8').split('\n'));
  await folder[Symbol.asyncDispose]();
  if (!(await wasWhole())) return;
  const expected = [...answers(), ...operationsOfPages()];
  const missing = expected.filter((line) => !shown.has(line) && !notYet.has(line));
  const outdated = [...notYet].filter((line) => shown.has(line) || !expected.includes(line));
  complain('No test has shown a value of, or run', missing);
  complain('Said not to be there yet, but is shown, or gone from the schema', outdated);
}

/** What the schema promises, and the gateway does not do yet. */
const notYet: ReadonlySet<string> = new Set([
  'OperationStatus.AWAITING_APPROVAL',
  'OperationStatus.AWAITING_WINDOW',
  'TwinSource.EVENT',
]);

function complain(what: string, lines: readonly string[]): void {
  if (lines.length === 0) return;
  project.vitest.logger.error(`${what}:\n  ${lines.join('\n  ')}`);
  process.exitCode = 1;
}

function recordFile(): string {
  return `${folder.path}/record`;
}

/** Whether every test file was run, unfiltered, and none failed. */
async function wasWhole(): Promise<boolean> {
  const { vitest } = project;
  const passed = vitest.state.getTestModules().filter((it) => it.state() !== 'failed');
  const all = await vitest.globTestSpecifications();
  return passed.length === all.length && vitest.config.testNamePattern === undefined;
}

/** Every field of every object of the schema, and every value of the enums that are theirs. */
function answers(): readonly string[] {
  const schema = buildSchema(readFileSync('schema.graphql', 'utf8'));
  const names = Object.values(schema.getTypeMap()).flatMap((type) => {
    if (!isObjectType(type) || isIntrospectionType(type)) return [];
    return Object.values(type.getFields()).flatMap((field) => {
      const named = getNamedType(field.type);
      const values = isEnumType(named) ? named.getValues() : [];
      return [`${type.name}.${field.name}`, ...values.map(({ name }) => `${named.name}.${name}`)];
    });
  });
  return [...new Set(names)].sort();
}

/** Every operation that a page shows. */
function operationsOfPages(): readonly string[] {
  const pages = readdirSync('docs').filter((name) => name.endsWith('.md'));
  return ['README.md', ...pages.map((name) => `docs/${name}`)].flatMap((path) =>
    blocksOf(path, 'graphql')
      .map((text) => parse(text))
      .filter(({ definitions }) =>
        definitions.some(({ kind }) => kind === Kind.OPERATION_DEFINITION),
      )
      .map(lineOf),
  );
}
