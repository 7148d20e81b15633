import type { DeviceFilter, HubCondition } from './device-filter.js';

/** Whether a hub of this name is what the condition asks for. */
export function isHub(name: string, { eq, in: oneOf }: HubCondition): boolean {
  return (eq === undefined || name === eq) && (oneOf === undefined || oneOf.includes(name));
}

/** Whether a filter may select devices of a hub: one that it cannot is not even asked. */
export function mayBeOn(hub: string, filter: DeviceFilter): boolean {
  return verdict(hub, filter) !== false;
}

/** What a filter says of every device of a hub; undefined: it depends on the device. */
function verdict(hub: string, filter: DeviceFilter): boolean | undefined {
  const { and = [], or, not, hub: condition, ...others } = filter;
  const parts = and.map((part) => verdict(hub, part));
  if (or) parts.push(anyOf(or.map((part) => verdict(hub, part))));
  if (not) parts.push(opposite(verdict(hub, not)));
  if (condition) parts.push(isHub(hub, condition));
  if (Object.values(others).some((other) => other !== undefined)) parts.push(undefined);
  return opposite(anyOf(parts.map(opposite)));
}

function anyOf(verdicts: readonly (boolean | undefined)[]): boolean | undefined {
  if (verdicts.includes(true)) return true;
  return verdicts.includes(undefined) ? undefined : false;
}

function opposite(one: boolean | undefined): boolean | undefined {
  return one === undefined ? undefined : !one;
}
