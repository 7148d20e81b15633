import type { ReplicaProcess } from './support/gateways.js';

/** What happens to one of several gateways, and how it, or another in its place, comes back. */
export interface VictimFault {
  readonly fault: string;
  readonly what: string;
  happen(victim: ReplicaProcess): void;
  goBack(victim: ReplicaProcess, another: () => Promise<ReplicaProcess>): Promise<ReplicaProcess>;
}

export const victims: readonly VictimFault[] = [
  {
    fault: 'killed',
    what: 'is killed (SIGKILL), and another one is started',
    happen: ({ program }) => program.kill('SIGKILL'),
    goBack: (_victim, another) => another(),
  },
  {
    fault: 'frozen',
    what: 'is frozen (SIGSTOP), and later goes on (SIGCONT)',
    happen: ({ program }) => program.kill('SIGSTOP'),
    async goBack(victim) {
      victim.program.kill('SIGCONT');
      return victim;
    },
  },
  {
    fault: 'cut-off',
    what: 'is cut off from the database (its packets are swallowed), and the line is mended',
    happen: ({ line }) => line.cut(),
    async goBack(victim) {
      victim.line.mend();
      return victim;
    },
  },
];

/** How PostgreSQL is restarted. */
export const restarts = [
  { mode: 'FAST', what: 'in order (SIGINT): connections are ended' },
  { mode: 'IMMEDIATE', what: 'as in a crash (SIGQUIT): it recovers from its log' },
] as const;
