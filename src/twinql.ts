#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

/** What the command `twinql` does by the name of its first argument. */
interface Command {
  readonly summary: string;
  /** What `--help` adds. */
  readonly details: string;
  /** Whether it reads the arguments behind its name, `--help` among them, by itself. */
  readonly readsArguments?: true;
  run(args: readonly string[]): Promise<void>;
}

/** The environment is what configures a gateway, also in a container. */
const environmentNote =
  'It is configured by environment variables, which the README lists; `twinql check-config` tells what they come to.';

/** Loaded when asked for: help and a check of the configuration need none of the gateway. */
const commands: Readonly<Record<string, Command>> = {
  start: {
    summary: 'run the gateway, and an emulated IoT Hub when no hub is configured',
    details: environmentNote,
    // The program that `node dist/main.js` is, too: it runs when it is loaded.
    run: async () => void (await import('./main.js')),
  },
  emulator: {
    summary: 'run the IoT Hub emulator alone',
    details: '',
    readsArguments: true,
    async run(args) {
      const { runEmulator } = await import('./emulator/program.js');
      await runEmulator(args, process.env, 'twinql emulator');
    },
  },
  'check-config': {
    summary: 'tell what the configuration comes to, without secrets, or all that is wrong with it',
    details:
      'It connects to nothing. Exit code 0: nothing is wrong with it; 1: a gateway would refuse it.',
    async run() {
      const { reportConfig } = await import('./commands/check-config.js');
      const { text, usable } = reportConfig(process.env);
      (usable ? process.stdout : process.stderr).write(text);
      if (!usable) process.exitCode = 1;
    },
  },
  'create-api-key': {
    summary: 'make an API key, and the entry of the configuration file that admits it',
    details:
      'create-api-key ID [--role viewer]… [--days 90]. The key is shown once: the entry has but its hash.',
    readsArguments: true,
    async run(args) {
      const { runCreateApiKey } = await import('./commands/create-api-key.js');
      const { text, code } = runCreateApiKey(args);
      (code === 0 ? process.stdout : process.stderr).write(text);
      process.exitCode = code;
    },
  },
  'verify-audit': {
    summary: 'check that the audit is complete and unchanged, and name the first entry that is not',
    details: '',
    readsArguments: true,
    async run(args) {
      const { runVerification } = await import('./commands/verify-audit.js');
      await runVerification(args, process.env);
    },
  },
  schema: {
    summary: 'print the GraphQL schema (SDL)',
    details: '',
    async run() {
      const { printSdl } = await import('./sdl.js');
      process.stdout.write(await printSdl());
    },
  },
};

const width = Math.max(...Object.keys(commands).map((name) => name.length));
const summaries = Object.entries(commands).map(
  ([name, { summary }]) => `  ${name.padEnd(width)}  ${summary}`,
);

const usage = `twinql COMMAND [options]

${summaries.join('\n')}

twinql COMMAND --help tells more. twinql --version prints the version.
`;

async function main([name = '', ...args]: readonly string[]): Promise<void> {
  if (['', 'help', '-h', '--help'].includes(name)) return void process.stdout.write(usage);
  if (['-v', '--version'].includes(name)) return void process.stdout.write(`${readVersion()}\n`);
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command === undefined) return refuse(`twinql has no command ${JSON.stringify(name)}`, usage);
  if (!command.readsArguments) {
    const help = [`twinql ${name}: ${command.summary}.`, command.details].join('\n').trimEnd();
    let asked: boolean | undefined;
    try {
      const options = { help: { type: 'boolean', short: 'h' } } as const;
      asked = parseArgs({ args, options }).values.help;
    } catch (error) {
      return refuse(error instanceof Error ? error.message : String(error), `${help}\n`);
    }
    if (asked) return void process.stdout.write(`${help}\n`);
  }
  await command.run(args);
}

/** A command that nobody can carry out ends with 2, as it does in shells. */
function refuse(reason: string, help: string): void {
  process.stderr.write(`${reason}\n\n${help}`);
  process.exitCode = 2;
}

function readVersion(): string {
  const file = new URL('../package.json', import.meta.url);
  const { version } = JSON.parse(readFileSync(file, 'utf8')) as { readonly version: string };
  return version;
}

await main(process.argv.slice(2));
