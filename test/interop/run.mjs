// The emulator against the official SDKs of other languages: node test/interop/run.mjs [python] [java]
//
// Sets up each language's SDKs once (in node_modules/.cache/interop), starts the emulator of dist/ on the ports that
// those SDKs insist on, 443, 8883 and 5671, and runs each language's checks against it. Where the ports cannot be had, by an
// ordinary user or because they are taken, it all happens in a network namespace of its own.
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as java from './java.mjs';
import { findPortTrouble, runIsolated } from './ports.mjs';
import * as python from './python.mjs';
import { ports, runChecks } from './run-checks.mjs';

const languages = { python, java };
const cache = fileURLToPath(new URL('../../node_modules/.cache/interop/', import.meta.url));
const stageOption = '--prepared';

const given = process.argv.slice(2);
const prepared = given.includes(stageOption);
const names = given.filter((argument) => argument !== stageOption);
const unknown = names.filter((name) => !(name in languages));
const chosen = names.length > 0 ? names : Object.keys(languages);

try {
  if (unknown.length > 0) {
    throw new Error(`Expected ${Object.keys(languages).join(' or ')}, got ${unknown.join(', ')}.`);
  }
  process.exitCode = prepared ? await check() : await prepareAndCheck();
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}

async function prepareAndCheck() {
  mkdirSync(cache, { recursive: true });
  for (const name of chosen) {
    process.stdout.write(`# ${name}: setting up the SDKs\n`);
    await languages[name].prepare(cache);
  }
  const trouble = await findPortTrouble(Object.values(ports));
  if (trouble === undefined) return await check();
  process.stdout.write(`# ${trouble}: using a network namespace\n`);
  return await runIsolated(trouble, [
    process.execPath,
    fileURLToPath(import.meta.url),
    stageOption,
    ...chosen,
  ]);
}

async function check() {
  let failed = false;
  for (const name of chosen) {
    const { passed, total } = await runChecks(languages[name], cache);
    process.stdout.write(`# ${name}: ${passed} of ${total} checks passed\n`);
    failed ||= total === 0 || passed < total;
  }
  return failed ? 1 : 0;
}
