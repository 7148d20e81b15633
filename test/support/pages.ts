import { readFileSync } from 'node:fs';
import { type DocumentNode, print, stripIgnoredCharacters } from 'graphql';

/** The blocks of code in one language that a page shows, in order. */
export function blocksOf(path: string, language: string): readonly string[] {
  const blocks = readFileSync(path, 'utf8').matchAll(
    new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'),
  );
  return [...blocks].map(([, text = '']) => text);
}

/** An operation on one line, however it was written. */
export function lineOf(document: DocumentNode): string {
  return stripIgnoredCharacters(print(document));
}
