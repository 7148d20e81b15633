/** What a run of tests has shown, one a line, for whole-run.ts to find what no test did. */
import { appendFileSync } from 'node:fs';
import type { DocumentNode } from 'graphql';
import { inject } from 'vitest';
import { lineOf } from './pages.js';

declare module 'vitest' {
  interface ProvidedContext {
    recordFile: string;
  }
}

const noted = new Set<string>();

/** Notes it once for all processes to come: workers append at the same time, each a short line at once. */
export function note(line: string): void {
  if (noted.has(line)) return;
  noted.add(line);
  appendFileSync(inject('recordFile'), `${line}\n`);
}

/** Notes an operation that was answered without an error. */
export function noteRun(document: DocumentNode): void {
  note(lineOf(document));
}
