// Saves one step of an operation after the other and prints each that the journal has taken.
import { openSqliteJournal } from '../../../dist/services/store/sqlite-journal.js';

const [folder, text] = process.argv.slice(2);
const journal = await openSqliteJournal(folder);
let operation = JSON.parse(text);
await journal.create(operation);
for (;;) {
  process.stdout.write(`saved ${operation.sequence}\n`);
  const sequence = operation.sequence + 1;
  const event = { ...operation.history[0], sequence, message: 'x'.repeat(500) };
  const next = { ...operation, sequence, history: [...operation.history, event] };
  if (!(await journal.save(next, operation.sequence))) throw new Error('somebody else saved');
  operation = next;
}
