import { AssertionError } from 'node:assert';

/**
 * What a value must look like. An object names the members that matter, and `undefined` those that
 * must be absent; a list has all its elements; a RegExp is for text that differs each time.
 */
export type Pattern =
  | string
  | number
  | boolean
  | null
  | undefined
  | RegExp
  | readonly Pattern[]
  | { readonly [name: string]: Pattern };

/** Throws an AssertionError that names the first place where `actual` differs. */
export function expectMatch(actual: unknown, expected: Pattern, place: string): void {
  if (expected instanceof RegExp) {
    if (typeof actual !== 'string' || !expected.test(actual)) fail(actual, expected, place);
  } else if (isList(expected)) {
    expectList(actual, expected, place);
  } else if (typeof expected === 'object' && expected !== null) {
    if (!isObject(actual)) fail(actual, expected, place);
    for (const [name, pattern] of Object.entries(expected)) {
      expectMatch(actual[name], pattern, `${place}.${name}`);
    }
  } else if (actual !== expected) {
    fail(actual, expected, place);
  }
}

/** The member that a dotted path leads to. */
export function read(value: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((below, name) => (isObject(below) ? below[name] : undefined), value);
}

/** The same, as text; throws when it is something else. */
export function readText(value: unknown, path: string): string {
  const text = read(value, path);
  return typeof text === 'string' ? text : fail(text, 'a string', path);
}

export function fail(actual: unknown, expected: unknown, place: string): never {
  const [was, wanted] = [actual, expected].map(describe);
  throw new AssertionError({ message: `${place} is ${was}, not ${wanted}`, actual, expected });
}

function expectList(actual: unknown, expected: readonly Pattern[], place: string): void {
  if (!Array.isArray(actual) || actual.length !== expected.length) fail(actual, expected, place);
  for (const [index, pattern] of expected.entries()) {
    expectMatch(actual[index], pattern, `${place}[${index}]`);
  }
}

function isList(pattern: Pattern): pattern is readonly Pattern[] {
  return Array.isArray(pattern);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function describe(value: unknown): string {
  if (value instanceof RegExp) return String(value);
  return (JSON.stringify(value) ?? String(value)).slice(0, 400);
}
