/** A logger that remembers, so that a test can wait for what a component says it has done. */
export interface EventLog {
  readonly entries: readonly LogEntry[];
  info(fields: Readonly<Record<string, unknown>>, message: string): void;
  warn(fields: Readonly<Record<string, unknown>>, message: string): void;
  /** Resolves once `message` has been logged `times` times in all. */
  waitFor(message: string, times?: number): Promise<void>;
}

export interface LogEntry {
  readonly level: 'info' | 'warn';
  readonly fields: Readonly<Record<string, unknown>>;
  readonly message: string;
}

export function createEventLog(): EventLog {
  const entries: LogEntry[] = [];
  const checks = new Set<() => void>();
  const write = (entry: LogEntry) => {
    entries.push(entry);
    for (const check of checks) check();
  };
  return {
    entries,
    info: (fields, message) => write({ level: 'info', fields, message }),
    warn: (fields, message) => write({ level: 'warn', fields, message }),
    waitFor(message, times = 1) {
      return new Promise((resolve) => {
        const check = () => {
          if (entries.filter((entry) => entry.message === message).length < times) return;
          checks.delete(check);
          resolve();
        };
        checks.add(check);
        check();
      });
    },
  };
}
