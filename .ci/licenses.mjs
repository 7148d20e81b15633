/**
 * Whether the package may be passed on with all that it brings: every dependency of production has a
 * licence that asks for no more than to be named. Reads the lock file of the folder in which it runs.
 */
import { readFileSync } from 'node:fs';

const allowed = [
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'ISC',
  'MIT',
];

/** Packages that tell their licence in a form of their own. */
const told = {
  // Its manifest has an old list: "MIT" and "GPL", to choose from, as its LICENSE says.
  machina: 'MIT',
};

/** Whether an SPDX expression can be met with what is allowed. */
function isAllowed(expression) {
  const tokens = expression.match(/\(|\)|[^\s()]+/g) ?? [];
  const either = () => {
    let ok = both();
    while (tokens[0] === 'OR') {
      tokens.shift();
      const other = both();
      ok ||= other;
    }
    return ok;
  };
  const both = () => {
    let ok = one();
    while (tokens[0] === 'AND') {
      tokens.shift();
      const other = one();
      ok &&= other;
    }
    return ok;
  };
  const one = () => {
    const token = tokens.shift();
    if (token !== '(') return allowed.includes(token);
    const ok = either();
    return tokens.shift() === ')' && ok;
  };
  const ok = either();
  return ok && tokens.length === 0;
}

const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8'));
let count = 0;
for (const [path, { dev, license, version }] of Object.entries(packages)) {
  if (path === '' || dev) continue;
  count += 1;
  const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
  const given = license ?? told[name];
  if (given !== undefined && isAllowed(given)) continue;
  process.stderr.write(`${name} ${version} is under ${given ?? 'no licence that it tells'}\n`);
  process.exitCode = 1;
}
process.stdout.write(`${count} packages of production, allowed: ${allowed.join(', ')}\n`);
