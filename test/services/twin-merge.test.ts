import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalJson, type JsonObject } from '../../src/services/json.js';
import {
  changesBetween,
  mergePatch,
  patchBetween,
  withoutNulls,
} from '../../src/services/twin-merge.js';

const name = fc.constantFrom('a', 'b', 'ö', '__proto__', 'constructor', 'hasOwnProperty');
const { object } = fc.letrec<{ value: unknown; object: JsonObject }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom(0, '', 'text', false),
    fc.array(fc.integer(), { maxLength: 2 }),
    tie('object'),
  ),
  object: fc.dictionary(name, tie('value') as fc.Arbitrary<never>, {
    maxKeys: 3,
    noNullPrototype: true,
  }),
}));
/** As text: comparing objects does not look at `__proto__`. */
const text = canonicalJson;

describe('a patch between two sections', () => {
  test('makes the one of the other, whatever they are', () => {
    fc.assert(
      fc.property(object, object, (before, after) => {
        expect(text(mergePatch(before, patchBetween(before, after)))).toBe(text(after));
      }),
    );
  });

  test('is empty exactly where nothing changes', () => {
    fc.assert(
      fc.property(object, object, (before, after) => {
        const empty = Object.keys(patchBetween(before, after)).length === 0;
        expect(empty).toBe(text(before) === text(after));
        expect(changesBetween(before, after).length === 0).toBe(empty);
      }),
    );
  });

  test('names no more than what differs', () => {
    const before = { same: { a: 1 }, gone: 1, deep: { same: [1], other: 1 } };
    const after = { same: { a: 1 }, deep: { same: [1], other: { now: 2 } } };

    expect(patchBetween(before, after)).toEqual({ gone: null, deep: { other: { now: 2 } } });
  });
});

describe('a merge', () => {
  test('reaches no prototype', () => {
    const patch = JSON.parse('{"__proto__": {"polluted": 1}}') as JsonObject;

    const merged = mergePatch({}, patch);

    expect(text(merged)).toBe('{"__proto__":{"polluted":1}}');
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });

  test('leaves no null of a section that is replaced', () => {
    expect(withoutNulls({ a: null, b: { c: null, d: 1 }, e: [1] })).toEqual({
      b: { d: 1 },
      e: [1],
    });
  });
});
