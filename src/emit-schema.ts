import { writeFileSync } from 'node:fs';
import { printSdl } from './sdl.js';

/** Writes the SDL to `schema.graphql`. */
writeFileSync('schema.graphql', await printSdl());
