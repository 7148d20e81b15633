/** Runs a program as a child process and waits for what it prints, never for time to pass. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

export interface ProgramOptions {
  readonly args?: readonly string[];
  /** The whole environment of the program, beside PATH. */
  readonly env?: Readonly<Record<string, string>>;
  /** Where it runs. Default: here. */
  readonly cwd?: string;
  /** How long `waitFor` and `exit` wait before they fail. Default: 20. */
  readonly limitSeconds?: number;
}

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** Started with `await using`, a program never outlives its test. */
export interface Program extends AsyncDisposable {
  /** What it has printed so far, on both streams. */
  readonly output: string;
  readonly pid: number;
  /** Resolves as soon as the output matches; rejects when the program ends without, or the limit passes. */
  waitFor(pattern: RegExp): Promise<RegExpExecArray>;
  /** Resolves when the program has ended by itself. */
  exit(): Promise<Exit>;
  kill(signal: NodeJS.Signals): void;
}

const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** Runs a Node program, given by its path. */
export function startProgram(file: string, options: ProgramOptions = {}): Program {
  const { args = [], env = {}, cwd = '.', limitSeconds = 20 } = options;
  const child = spawn(process.execPath, [file, ...args], {
    env: { PATH: process.env['PATH'], ...env },
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  let output = '';
  let exited: Exit | undefined;
  const checks = new Set<() => void>();
  const check = () => {
    for (const each of checks) each();
  };
  const collect = (text: string) => {
    output += text;
    check();
  };
  child.stdout.setEncoding('utf8').on('data', collect);
  child.stderr.setEncoding('utf8').on('data', collect);
  // 'close' comes after the last of the output, 'exit' may come before it.
  const closed = once(child, 'close');
  child.once('close', (code, signal) => {
    running.delete(child);
    exited = { code, signal };
    check();
  });

  return {
    pid: child.pid ?? 0,
    get output() {
      return output;
    },
    waitFor(pattern) {
      return until(`matching ${pattern}`, () => {
        const match = pattern.exec(output);
        if (match === null && exited) throw new Error(complaint(`ended before ${pattern}`));
        return match ?? undefined;
      });
    },
    exit: () => until('ending', () => exited),
    kill: (signal) => void child.kill(signal),
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await closed;
    },
  };

  /** Resolves with the first value that `read` gives, asking whenever something happened. */
  function until<T>(what: string, read: () => T | undefined): Promise<T> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        settle(() => reject(new Error(complaint(`went ${limitSeconds} s without ${what}`))));
      }, limitSeconds * 1000);
      const ask = () => {
        try {
          const value = read();
          if (value !== undefined) settle(() => resolve(value));
        } catch (error) {
          settle(() => reject(error));
        }
      };
      const settle = (finish: () => void) => {
        clearTimeout(timer);
        checks.delete(ask);
        finish();
      };
      checks.add(ask);
      ask();
    });
  }

  function complaint(what: string): string {
    return `${file} ${what}. It printed:\n${output}`;
  }
}
