// The benchmarks: node bench/run.mjs [--quick] [--lenient] [--json FILE] [case …]
//
// Every figure is of pairs, ours and a rival in turn, with what is in dist/. Ends with 1 when a goal is missed; with
// --lenient only when a case fails or a goal is missed that counts something, which no other program can disturb.
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startProcess } from './harness/process.mjs';
import { evaluate, formatReport } from './harness/report.mjs';

const folder = fileURLToPath(new URL('./', import.meta.url));
const cases = readdirSync(join(folder, 'cases')).map((file) => file.replace(/\.mjs$/, ''));

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}

async function main() {
  const { values, positionals } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      lenient: { type: 'boolean', default: false },
      json: { type: 'string' },
    },
    allowPositionals: true,
  });
  checkReady(positionals);
  const rows = [];
  let failed = false;
  for (const name of positionals.length === 0 ? cases : positionals) {
    process.stderr.write(`${name} …\n`);
    try {
      rows.push(...(await runCase(name, values.quick)));
    } catch (error) {
      failed = true;
      process.stderr.write(`${name} failed: ${error.message}\n`);
    }
  }
  process.stdout.write(`${formatReport(rows)}\n`);
  if (rows.some(({ limitedByLoad }) => limitedByLoad)) {
    process.stdout.write('* the load generator was busy throughout: compare the CPU per unit\n');
  }
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(rows, null, 2)}\n`);
  const decisive = values.lenient ? rows.filter(({ counted }) => counted) : rows;
  return !failed && decisive.every(({ met }) => met) ? 0 : 1;
}

function checkReady(names) {
  const unknown = names.filter((name) => !cases.includes(name));
  if (unknown.length > 0) {
    throw new Error(`There are the cases ${cases.join(', ')}, but not ${unknown.join(', ')}.`);
  }
  if (!existsSync(join(folder, 'node_modules/aedes'))) {
    throw new Error('The rivals are missing: install them with npm ci --prefix bench');
  }
}

async function runCase(name, quick) {
  const { run } = await import(`./cases/${name}.mjs`);
  const scratch = mkdtempSync(join(tmpdir(), 'twinql-bench-'));
  const processes = [];
  const tools = {
    /** As startProcess; what is still running when the case is over is ended. */
    async start(...parameters) {
      const started = await startProcess(...parameters);
      processes.push(started);
      return started;
    },
    createFolder: () => mkdtempSync(join(scratch, 'data-')),
  };
  try {
    const rows = await run({ quick, ...tools });
    return rows.map((row) => evaluate({ case: name, ...row }));
  } finally {
    await Promise.all(processes.map((started) => started.close()));
    rmSync(scratch, { recursive: true, force: true });
  }
}
