import { expect, test } from 'vitest';
import { areas } from '../conformance/checks.js';
import { differences, missing } from '../conformance/differences.js';
import { formatDifferences, formatSupport } from '../conformance/documents.js';

// Both files are written anew by `npx vitest run test/emulator/documents.test.ts -u`.

test('the table of what the emulator supports is that of the checks', async () => {
  await expect(formatSupport(areas, missing)).toMatchFileSnapshot('../../docs/emulator-support.md');
});

test('the differences from Azure are those that are known', async () => {
  await expect(formatDifferences(missing, differences)).toMatchFileSnapshot(
    '../../docs/differences-from-azure.md',
  );
});
