import { readFileSync, writeFileSync } from 'node:fs';
import { lexicographicSortSchema, printSchema } from 'graphql';
import { createSchema } from './resolvers/index.js';

/** Writes the SDL to `schema.graphql`; with `--check`, fails if the file differs. */
const file = 'schema.graphql';
const sdl = `${printSchema(lexicographicSortSchema(await createSchema()))}\n`;
if (!process.argv.includes('--check')) {
  writeFileSync(file, sdl);
} else if (readFileSync(file, 'utf8') !== sdl) {
  process.stderr.write(`${file} is stale: run npm run schema\n`);
  process.exit(1);
}
