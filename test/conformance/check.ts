import type { Hub } from './support/hub.js';

/** As in RFC 2119, judged by what clients would notice: a client breaks without a MUST. */
export type Level = 'MUST' | 'SHOULD' | 'MAY';

/** What a hub must have been given before a check can run against it. */
export type Need = 'policies' | 'bearer' | 'amqp' | 'events';

/** One thing that a hub does, and how to see whether it does. */
export interface Check {
  /** Permanent: never changed, never given to another check. */
  readonly id: string;
  readonly level: Level;
  readonly sentence: string;
  /** Where it is written: a document's title, a clause, or an observation. */
  readonly source: string;
  readonly needs: readonly Need[];
  /** Rejects with what was expected and what was there. */
  readonly run: (hub: Hub) => Promise<void>;
}

/** The checks of one part of a hub. */
export interface Area {
  readonly title: string;
  /** What speaks to the hub; default a bare client, which sends what the check says and no more. */
  readonly driver?: string;
  readonly checks: readonly Check[];
}

type CheckArguments = readonly [
  id: string,
  sentence: string,
  source: string,
  run: Check['run'],
  ...needs: Need[],
];

export const must = (...args: CheckArguments): Check => toCheck('MUST', args);
export const should = (...args: CheckArguments): Check => toCheck('SHOULD', args);
export const may = (...args: CheckArguments): Check => toCheck('MAY', args);

function toCheck(level: Level, [id, sentence, source, run, ...needs]: CheckArguments): Check {
  return { id, level, sentence, source, needs, run };
}
