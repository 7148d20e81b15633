/** The collections that a query can read (protocol §4.2). */
export type QuerySource = 'devices' | 'devices.modules' | 'devices.jobs';

const SOURCES: readonly QuerySource[] = ['devices', 'devices.modules', 'devices.jobs'];

/** The collection that a FROM clause names, in any letter case. */
export function parseSource(name: string): QuerySource | undefined {
  return SOURCES.find((source) => source === name.toLowerCase());
}
