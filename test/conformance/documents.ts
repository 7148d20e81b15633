import type { Area, Check } from './check.js';
import type { Difference } from './differences.js';

const command = 'npx vitest run test/emulator/documents.test.ts -u';
const notice = `<!-- Generated: ${command} -->`;

/** What the emulator does, as a table of the checks that show it. */
export function formatSupport(areas: readonly Area[], missing: readonly Difference[]): string {
  const count = areas.reduce((sum, { checks }) => sum + checks.length, 0);
  return join([
    notice,
    '# What the emulator supports',
    `The emulator passes ${count} checks, at every run of the tests. They talk to a hub through its public doors alone, so`,
    'the same list can be held against a hub in Azure, which costs a few devices, jobs and messages there:',
    '',
    '```sh',
    "export IOTHUB_CONNECTION_STRING='HostName=….azure-devices.net;SharedAccessKeyName=iothubowner;SharedAccessKey=…'",
    'npx vitest run --config test/conformance/vitest.config.ts',
    '```',
    '',
    'A few checks need more, and are left out without it: `IOTHUB_POLICY_KEYS` (`service=…,device=…,registryRead=…,registryReadWrite=…`)',
    'and `IOTHUB_BEARER_TOKEN`. `IOTHUB_CA_FILE`, `IOTHUB_MQTT_PORT` and `IOTHUB_AMQP_PORT` lead to hubs elsewhere.',
    '',
    'Clients break without a MUST, may rely on a SHOULD, and must not rely on a MAY, where the documentation leaves room.',
    'Ids are permanent.',
    '',
    ...table(['area', 'MUST', 'SHOULD', 'MAY'], areas.map(countLevels)),
    '',
    '## Not there',
    '',
    ...table(
      ['what', 'in Azure', 'here'],
      missing.map(({ area, azure, emulator }) => [area, azure, emulator]),
    ),
    ...areas.flatMap(formatArea),
  ]);
}

/** Where the emulator and Azure part, and why. */
export function formatDifferences(
  missing: readonly Difference[],
  differences: readonly Difference[],
): string {
  return join([
    notice,
    '# Differences from Azure',
    'What works against the emulator is meant to work against Azure IoT Hub, and the other way round. This is what is known',
    'to differ. What is there, and how it was shown, is in [emulator-support.md](emulator-support.md).',
    '',
    '## Missing',
    '',
    ...formatTable(missing),
    '',
    '## Different',
    '',
    ...formatTable(differences),
  ]);
}

function formatTable(entries: readonly Difference[]): readonly string[] {
  return table(
    ['what', 'Azure', 'the emulator', 'why'],
    entries.map(({ area, azure, emulator, reason }) => [area, azure, emulator, reason]),
  );
}

function formatArea({ title, driver, checks }: Area): readonly string[] {
  const rows = checks.map(({ id, level, sentence, source }) => [id, level, sentence, source]);
  const drivenBy = driver === undefined ? [] : [`Driven by ${driver}.`, ''];
  return ['', `## ${title}`, '', ...drivenBy, ...table(['id', 'level', 'what', 'source'], rows)];
}

function countLevels({ title, checks }: Area): readonly string[] {
  const count = (level: Check['level']) =>
    String(checks.filter((check) => check.level === level).length);
  return [title, count('MUST'), count('SHOULD'), count('MAY')];
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  return [heads, heads.map(() => '---'), ...rows].map(
    (cells) => `| ${cells.map(escapeCell).join(' | ')} |`,
  );
}

function escapeCell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '\\<').replaceAll('*', '\\*');
}

function join(lines: readonly string[]): string {
  return `${lines.join('\n').replace(/^(<!--.*-->)\n(# .*)\n/, '$2\n\n$1\n\n')}\n`;
}
