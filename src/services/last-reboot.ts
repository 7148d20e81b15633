import { dateFromTicks, type HubTicks } from './hub/hub-time.js';
import { propertyState, type Twin } from './hub/twin.js';
import type { JsonValue } from './json.js';

/** The newest reboot that a device reported, in whatever convention. */
export interface LastReboot {
  /** When the hub received the report: its clock, not the device's. */
  readonly at: Date;
  /** The same, exactly. */
  readonly ticks: HubTicks;
  /** What the device wrote. */
  readonly reported: JsonValue;
  /** Which reported property. */
  readonly path: string;
}

/** The newest of the reports at these paths, or null where there is none. */
export function lastRebootOf(twin: Twin, paths: readonly (readonly string[])[]): LastReboot | null {
  let newest: LastReboot | null = null;
  for (const path of paths) {
    const { value, lastUpdated } = propertyState(twin.reported, path);
    if (value === undefined || lastUpdated === undefined) continue;
    if (newest && lastUpdated <= newest.ticks) continue;
    newest = {
      at: dateFromTicks(lastUpdated),
      ticks: lastUpdated,
      reported: value,
      path: path.join('.'),
    };
  }
  return newest;
}
