/**
 * Whether a dependency of production has a known vulnerability that is high or critical. A registry
 * that does not answer that question (a mirror, for one) fails nothing, but is told of in one line.
 */
import { spawnSync } from 'node:child_process';

const args = ['audit', '--audit', '--omit=dev', '--audit-level=high', '--json'];
const { stdout, status } = spawnSync('npm', args, { encoding: 'utf8' });
const report = parse(stdout);

if (report?.metadata?.vulnerabilities) {
  for (const { name, severity, range } of Object.values(report.vulnerabilities)) {
    process.stdout.write(`${severity}: ${name} ${range}\n`);
  }
  process.stdout.write(`${report.metadata.dependencies.prod} packages of production\n`);
  process.exitCode = status;
} else if (report?.uri !== undefined) {
  // npm tells of a request that failed; without one, the fault is here.
  const reason = report.statusCode ?? report.message;
  process.stdout.write(`NOT AUDITED: the registry does not tell of vulnerabilities (${reason})\n`);
} else {
  process.stderr.write(`npm audit failed:\n${stdout}\n`);
  process.exitCode = 1;
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
