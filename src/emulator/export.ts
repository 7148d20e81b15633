import { z } from 'zod';
import type { Hub } from './hub/hub.js';
import { clearState, dumpState, restoreState } from './hub/state.js';
import type { JsonValue } from './json.js';

const exported = z.object({
  format: z.literal('twinql-emulator/1'),
  entries: z.array(
    z.object({
      kind: z.enum(['identity', 'message', 'job']),
      key: z.string(),
      value: z.custom<JsonValue>((value) => value !== undefined),
    }),
  ),
});

/** All that the hub keeps, keys included. */
export function exportState(hub: Hub): JsonValue {
  const entries: unknown = [...dumpState(hub)];
  // Through text, so that the export is a copy and holds nothing that is not JSON.
  return JSON.parse(JSON.stringify({ format: 'twinql-emulator/1', entries })) as JsonValue;
}

/** Replaces all that the hub keeps. Throws a ZodError, and changes nothing, when `state` is not an export. */
export function importState(hub: Hub, state: JsonValue): void {
  const { entries } = exported.parse(state);
  restoreState(hub, entries, () => clearState(hub));
}

/** A hub as on its first start, though its ports and certificates stay. */
export function resetHub(hub: Hub): void {
  clearState(hub);
  hub.feedback.clear();
  hub.feedbackLocks.clear();
  hub.events.clear();
  hub.faults.clear();
  hub.calls.clear();
}
