/**
 * Does what the Dockerfile says without a container engine: every stage in an empty folder of its own,
 * on the files that .dockerignore lets through, with this machine's Node for the base image. Then it
 * runs what comes out, as nobody and as the first process where that can be, waits until the health
 * check passes, and stops it by SIGTERM. What it cannot show: that the base image has what this
 * machine has.
 */
import { execFileSync, spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

const root = mkdtempSync(join(tmpdir(), 'twinql-image-'));
const context = join(root, 'context');
/** A machine's own settings may name another registry; nothing else of its environment gets in. */
const inherited = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => /^(PATH|HOME|npm_config_\w+)$/.test(name)),
);

/** What became of each FROM. */
const stages = [];
const steps = {
  FROM(text) {
    const [, major, , name = 'final'] = /^node:(\d+)-slim( AS (\w+))?$/.exec(text) ?? [];
    if (major !== process.versions.node.split('.')[0]) {
      throw new Error(`${text} is not what runs here: Node ${process.versions.node}`);
    }
    stages.push({ name, root: join(root, `stage-${name}`), folder: '/', env: {} });
  },
  WORKDIR(folder, stage) {
    stage.folder = folder;
    mkdirSync(join(stage.root, folder), { recursive: true });
  },
  ENV(text, stage) {
    const [name, value] = text.split('=');
    // Absolute paths are those of the image.
    stage.env[name] = value.replace(/^\//, `${stage.root}/`);
  },
  COPY(text, stage) {
    const words = text.split(' ');
    const from = words.find((word) => word.startsWith('--from='))?.slice('--from='.length);
    const paths = words.filter((word) => !word.startsWith('--'));
    const to = join(stage.root, stage.folder, paths.pop());
    const source = from ? stages.find(({ name }) => name === from).root : context;
    for (const path of paths) {
      const target = paths.length > 1 || to.endsWith('/') ? join(to, basename(path)) : to;
      cpSync(join(source, path), target, { recursive: true });
    }
  },
  RUN(command, stage) {
    const options = { cwd: join(stage.root, stage.folder), env: { ...inherited, ...stage.env } };
    execFileSync('/bin/sh', ['-c', command], { ...options, stdio: 'inherit' });
  },
  HEALTHCHECK(text, stage) {
    stage.healthCheck = JSON.parse(text.slice(text.indexOf('CMD') + 'CMD'.length));
  },
  ENTRYPOINT(text, stage) {
    stage.entry = JSON.parse(text);
  },
  CMD(text, stage) {
    stage.command = JSON.parse(text);
  },
  USER(text, stage) {
    stage.user = text;
  },
  VOLUME() {},
  EXPOSE() {},
};

/** The instructions of a Dockerfile, in order. */
function instructions(text) {
  const lines = text.replace(/\\\n/g, '').split('\n');
  return lines
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
    .map((line) => {
      const [word] = line.split(' ', 1);
      return [word, line.slice(word.length).trim()];
    });
}

/** What the build may see: what is in the repository and passes .dockerignore, a list of exceptions. */
function makeContext() {
  const [all, ...exceptions] = readFileSync('.dockerignore', 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  if (all !== '*' || exceptions.some((line) => !line.startsWith('!'))) {
    throw new Error('.dockerignore is expected to let nothing through but what it names');
  }
  const paths = exceptions.map((line) => line.slice(1));
  const files = execFileSync('git', ['ls-files', ...paths], { encoding: 'utf8' })
    .trim()
    .split('\n');
  for (const file of files) cpSync(file, join(context, file));
}

async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => probe.once('listening', resolve));
  const { port } = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

/** Runs the image's command to a healthy state and to its end; throws what went otherwise. */
async function tryOut({ root: image, folder, env, user, entry, command, healthCheck }) {
  const asRoot = process.getuid() === 0;
  const [uid, gid] = user.split(':');
  if (uid === '0' || gid === undefined) throw new Error(`USER ${user} is expected to be uid:gid`);
  if (asRoot) {
    execFileSync('chmod', ['755', root]);
    execFileSync('chown', ['-R', user, join(image, folder, 'data')]);
  }
  const identity = asRoot ? ['setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--clear-groups'] : [];
  // A signal to unshare is not one to its child, which is the first process of a namespace of its own.
  const first = asRoot ? ['unshare', '--pid', '--fork', '--kill-child'] : [];
  const [file, ...args] = [...first, ...identity, ...entry, ...command];
  // Without a hub: the emulator, which a production gateway refuses to run.
  const settings = { ...env, NODE_ENV: 'test', PORT: String(await freePort()) };
  for (const door of ['HTTPS', 'MQTT', 'AMQP']) settings[`EMULATOR_${door}_PORT`] = '0';
  const options = { cwd: join(image, folder), env: { PATH: process.env.PATH, ...settings } };
  const child = spawn(file, args, { ...options, stdio: ['ignore', 'inherit', 'inherit'] });
  const ended = new Promise((resolve) =>
    child.once('exit', (code, signal) => resolve({ code, signal })),
  );
  try {
    const isHealthy = () => {
      const [program, ...rest] = healthCheck;
      try {
        execFileSync(program, rest, { ...options, stdio: 'ignore' });
        return true;
      } catch {
        return false;
      }
    };
    for (const until = Date.now() + 60_000; !isHealthy(); ) {
      if (child.exitCode !== null || Date.now() > until) throw new Error('it never got healthy');
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
    const gateway = asRoot
      ? Number(execFileSync('pgrep', ['--parent', String(child.pid)], { encoding: 'utf8' }))
      : child.pid;
    process.kill(gateway, 'SIGTERM');
    const { code, signal } = await ended;
    if (code !== 0) throw new Error(`SIGTERM ended it with ${code ?? signal} instead of 0`);
  } finally {
    child.kill('SIGKILL');
  }
}

try {
  makeContext();
  for (const [word, text] of instructions(readFileSync('deploy/Dockerfile', 'utf8'))) {
    if (!(word in steps)) throw new Error(`the Dockerfile says ${word}, which this does not know`);
    process.stdout.write(`${word} ${text}\n`);
    steps[word](text, stages.at(-1));
  }
  const image = stages.at(-1);
  await tryOut(image);
  const size = execFileSync('du', ['-sm', image.root], { encoding: 'utf8' }).split('\t')[0];
  process.stdout.write(`It ran, was healthy and stopped. ${size} MB beside the base image.\n`);
} finally {
  rmSync(root, { recursive: true, force: true });
}
