import { readFileSync, writeFileSync } from 'node:fs';

/**
 * Writes `npm-shrinkwrap.json`, with which the package is published: who installs it gets the versions
 * that were tested, indirect ones included, which `overrides` would not give them. It is the lock file
 * without what only developers need, as npm would install that, too.
 */
const lock = JSON.parse(readFileSync('package-lock.json', 'utf8'));
const needed = Object.entries(lock.packages).filter(([, { dev }]) => !dev);
const packages = Object.fromEntries(needed);
delete packages[''].devDependencies;
writeFileSync('npm-shrinkwrap.json', `${JSON.stringify({ ...lock, packages }, null, 2)}\n`);
