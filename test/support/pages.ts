import { readFileSync } from 'node:fs';

/** The blocks of code in one language that a page shows, in order. */
export function blocksOf(path: string, language: string): readonly string[] {
  const blocks = readFileSync(path, 'utf8').matchAll(
    new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'),
  );
  return [...blocks].map(([, text = '']) => text);
}
