import { expect, test } from 'vitest';
import { formatFaults } from './documents.js';

// Written anew by `npx vitest run test/faults/documents.test.ts -u`.

test('the list of faults is that of the cases', async () => {
  await expect(formatFaults()).toMatchFileSnapshot('../../docs/faults.md');
});
