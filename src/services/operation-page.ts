import type { Caller } from './access.js';
import type { Operation } from './actions/operation.js';
import type { DeviceAccess } from './device-access.js';
import { deviceKey } from './device-id.js';
import type { Journal, JournalPage, OperationSelection } from './store/journal.js';

export interface OperationPage {
  readonly nodes: readonly Operation[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

/** How many pages of the journal one page looks through, for those who may see some of it only. */
const MOST_PARTS = 3;

/**
 * As many operations as were asked for of those that a caller may see, newest first. To those who
 * may see few of many a page may be short: it looks through a bounded part of the journal.
 */
export async function pageFor(
  caller: Caller,
  { journal, access }: { readonly journal: Journal; readonly access: DeviceAccess },
  selection: OperationSelection,
  { first, after }: JournalPage,
): Promise<OperationPage> {
  const may = new Map<string, boolean>();
  const seen: Operation[] = [];
  let end = after;
  for (let parts = MOST_PARTS; parts > 0; parts -= 1) {
    const page = { first: first + 1, ...(end !== undefined && { after: end }) };
    const part = await journal.list(selection, page);
    const unasked = part.filter((operation) => !may.has(deviceKey(operation)));
    const answers = await access.can(caller, 'operation:read', unasked);
    answers.forEach((answer, index) => {
      may.set(deviceKey(unasked[index] as Operation), answer);
    });
    seen.push(...part.filter((operation) => may.get(deviceKey(operation))));
    const nodes = seen.slice(0, first);
    if (seen.length > first) return pageOf(nodes, nodes.at(-1)?.id);
    if (part.length <= first) return pageOf(nodes, undefined);
    end = part.at(-1)?.id;
  }
  return pageOf(seen, end);
}

/** A page without anything on it. */
export const emptyPage: OperationPage = pageOf([], undefined);

function pageOf(nodes: readonly Operation[], end: string | undefined): OperationPage {
  return { nodes, pageInfo: { hasNextPage: end !== undefined, endCursor: end ?? null } };
}
