import {
  type GraphQLInputType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
} from 'graphql';
import type { Random } from './random.js';

/** Values that somebody has once forgotten. */
const oddities: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  2 ** 31,
  2 ** 53,
  1e308,
  0.1,
  '',
  ' ',
  'a'.repeat(300),
  'ünïcode 🛰',
  '\u0000',
  '\ud800',
  "'; DROP TABLE",
  '../..',
  '$metadata',
  '__proto__',
  [],
  [[]],
  {},
  { constructor: null },
  { a: { b: [1, 'x', null] } },
];

export const deviceIds: readonly string[] = ['fuzz-0', 'fuzz-1', 'fuzz-2', 'fuzz-3', 'nobody'];

const texts: readonly string[] = [
  ...deviceIds,
  'fuzz',
  'a.b',
  'reboot',
  'node',
  '2026-01-02T03:04:05Z',
  'SELECT * FROM devices',
  '{}',
];

/** JSON values for the input types of a schema: mostly such as fit, now and then any. */
export class ValueGenerator {
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  valueOf(type: GraphQLInputType, depth = 0): unknown {
    const random = this.#random;
    if (random.chance(0.04)) return random.pick(oddities);
    if (isNonNullType(type)) return this.valueOf(type.ofType, depth);
    if (random.chance(0.05)) return null;
    if (isListType(type)) {
      const length = depth > 4 ? 0 : random.below(4);
      return Array.from({ length }, () => this.valueOf(type.ofType, depth + 1));
    }
    if (isEnumType(type)) return random.pick(type.getValues()).name;
    if (!isInputObjectType(type)) return this.#scalar(type.name);
    const fields = Object.values(type.getFields()).filter(
      (field) => isNonNullType(field.type) || (depth < 5 && random.chance(0.35)),
    );
    return Object.fromEntries(
      fields.map((field) => [field.name, this.valueOf(field.type, depth + 1)]),
    );
  }

  #scalar(name: string): unknown {
    const random = this.#random;
    switch (name) {
      case 'Int':
        return random.below(120);
      case 'Float':
        return random.next() * 100;
      case 'Boolean':
        return random.chance(0.5);
      case 'JSON':
        return random.pick([random.pick(oddities), random.pick(texts), random.below(100)]);
      case 'ID':
        return random.pick(deviceIds);
      default:
        return random.pick(texts);
    }
  }
}
