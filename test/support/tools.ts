import { postgresMissing } from './postgres.js';

/** Says once, for all suites, what is not here to test with. In CI nothing may be missing. */
export function setup(): void {
  if (postgresMissing === undefined) return;
  if (process.env['CI']) throw new Error(postgresMissing);
  process.stderr.write(`Suites are skipped, as ${postgresMissing}\n`);
}
