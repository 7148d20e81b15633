import { order } from './compare.js';
import { finite, type Value } from './values.js';

/** Takes a group's values one by one, then says what they come to. */
export interface Accumulator {
  add(value: Value): void;
  result(): Value;
}

/** The aggregates by name (protocol §4.2). */
const AGGREGATES: Readonly<Record<string, () => Accumulator>> = {
  COUNT: count,
  SUM: sum,
  AVG: average,
  MIN: () => extreme(-1),
  MAX: () => extreme(1),
};

/** The maker of accumulators for an aggregate, named in any letter case. */
export function findAggregate(name: string): (() => Accumulator) | undefined {
  const key = name.toUpperCase();
  return Object.hasOwn(AGGREGATES, key) ? AGGREGATES[key] : undefined;
}

function count(): Accumulator {
  let rows = 0;
  return {
    add: () => {
      rows += 1;
    },
    result: () => rows,
  };
}

// Numbers alone are summed and averaged: the documentation does not say what a text among them does, and a fleet in
// which one device reports a text should still have a mean.

function sum(): Accumulator {
  let total = 0;
  return {
    add: (value) => {
      if (typeof value === 'number') total += value;
    },
    result: () => finite(total),
  };
}

function average(): Accumulator {
  let total = 0;
  let numbers = 0;
  return {
    add: (value) => {
      if (typeof value !== 'number') return;
      total += value;
      numbers += 1;
    },
    result: () => (numbers === 0 ? undefined : finite(total / numbers)),
  };
}

/** The least (direction -1) or greatest (1) primitive; where types mix: null, then Booleans, numbers, texts. */
function extreme(direction: -1 | 1): Accumulator {
  let best: Value;
  return {
    add: (value) => {
      const rank = typeRank(value);
      if (rank < 0) return;
      const ordering = order(value, best) ?? rank - typeRank(best);
      if (best === undefined || Math.sign(ordering) === direction) best = value;
    },
    result: () => best,
  };
}

const TYPES = ['null', 'boolean', 'number', 'string'];

/** Negative for what is no primitive. */
function typeRank(value: Value): number {
  return TYPES.indexOf(value === null ? 'null' : typeof value);
}

/** What a group has in common: any row's value will do. */
export function firstValue(): Accumulator {
  let taken = false;
  let first: Value;
  return {
    add: (value) => {
      if (taken) return;
      taken = true;
      first = value;
    },
    result: () => first,
  };
}
