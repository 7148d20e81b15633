import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const importLine = /^(?:import|export)\b(?:[^'"]* from)? ?['"]([^'"]+)['"];/gm;

/** What a compiled file imports from elsewhere, and the files of its own package that it imports. */
export function findLibraries(file, libraries = new Set(), seen = new Set()) {
  if (seen.has(file)) return libraries;
  seen.add(file);
  for (const [, name] of readFileSync(file, 'utf8').matchAll(importLine)) {
    if (name.startsWith('.')) findLibraries(join(file, '..', name), libraries, seen);
    else libraries.add(name);
  }
  return libraries;
}
