import { bounds } from './bounds.js';
import { type ConnectionAttack, connectionAttacks, slowAttacks } from './connection-attacks.js';
import { type RequestAttack, requestAttacks } from './request-attacks.js';

/** docs/attacks.md: every attack that is tried, and what must come back. */
export function formatAttacks(): string {
  const { heapMegabytes, growthMegabytes, refusalSeconds, answerSeconds, errors } = bounds;
  return `# Attacks

What is sent to a gateway that has ${heapMegabytes} MB of heap, and what must come back. This page is generated from the cases in
test/attacks, which \`npm run attacks\` runs against the built gateway in a process of its own. Some limits are lower there than by
default, and refusing by lag is off (test/attacks/bounds.ts). After every one of them

- what a single request asks for was refused or answered within ${refusalSeconds} s, with at most ${errors} errors;
- whoever asks from elsewhere is answered within ${answerSeconds} s;
- the process takes at most ${growthMegabytes} MB more than before the first of them (what it took meanwhile is bounded by its heap), and it is the same process to the end;
- no error is one of the gateway's own (\`INTERNAL_SERVER_ERROR\`), and none is in its log.

What the limits are is in [limits.md](limits.md).

## By a request

Each over HTTP, over WebSocket and over server-sent events, with the same answer.

${table(['attack', 'what is sent', 'what comes back'], requestAttacks.map(requestRow))}

## By connections

${table(['attack', 'what is sent', 'what comes back'], [...connectionAttacks, ...slowAttacks].map(connectionRow))}
`;
}

function requestRow({ id, sent, code, limit }: RequestAttack): readonly string[] {
  const outcome = code === null ? 'the answer' : [code, ...(limit ? [limit] : [])].map(quoted);
  return [quoted(id), sent, typeof outcome === 'string' ? outcome : outcome.join(', limit ')];
}

function connectionRow({ id, sent, outcomes }: ConnectionAttack): readonly string[] {
  return [quoted(id), sent, outcomes.join('; ')];
}

function quoted(text: string): string {
  return `\`${text}\``;
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(heads), `|${'---|'.repeat(heads.length)}`, ...rows.map(line)].join('\n');
}
