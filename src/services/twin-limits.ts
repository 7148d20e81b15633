import { badInput } from './errors.js';
import { isJsonObject, type JsonObject, type JsonValue } from './json.js';

/** The sections of a twin that the back end writes. */
export type WrittenSection = 'tags' | 'desired';

/** "Understand and use device twins in IoT Hub", as in the protocol §3.3. */
const LARGEST_SECTION = { tags: 8 * 1024, desired: 32 * 1024 } as const;
const LONGEST_KEY = 1024;
const LONGEST_STRING = 4096;
/** A value may lie inside this many objects and lists. */
const DEEPEST = 10;
const LEAST_INTEGER = -(2 ** 52);
const GREATEST_INTEGER = 2 ** 52 - 1;
/** JSON writes larger numbers with an exponent: to the hub they are no integers. */
const LEAST_EXPONENTIAL = 1e21;

/**
 * Checks what is to be written into a section against the hub's limits on names and values, so that
 * nothing is sent that would be refused. Throws RequestError naming the path.
 */
export function checkWrite(section: WrittenSection, values: JsonObject): void {
  checkObject(values, section, 0);
}

/** Checks the size that a section would have. The hub counts names, strings, 8 a number, 4 a boolean. */
export function checkSize(section: WrittenSection, values: JsonObject): void {
  const size = sizeOf(values);
  const largest = LARGEST_SECTION[section];
  if (size > largest) {
    throw badInput(section, `it would be ${size} bytes; a twin holds at most ${largest}`);
  }
}

function checkObject(values: JsonObject, path: string, depth: number): void {
  checkDepth(path, depth);
  for (const [key, value] of Object.entries(values)) {
    checkKey(key, path);
    checkValue(value, `${path}.${key}`, depth + 1);
  }
}

function checkKey(key: string, path: string): void {
  const bytes = Buffer.byteLength(key);
  if (bytes > LONGEST_KEY) {
    throw badInput(path, `a name in it has ${bytes} bytes; at most ${LONGEST_KEY} are allowed`);
  }
  if (key === '' || /[.$#\s\p{Cc}]/u.test(key)) {
    throw badInput(
      path,
      `the name ${JSON.stringify(key)} in it is not allowed: no empty name, none with white space, ` +
        'control characters, . $ or #',
    );
  }
}

function checkValue(value: JsonValue, path: string, depth: number): void {
  if (typeof value === 'string') checkString(value, path);
  else if (typeof value === 'number') checkNumber(value, path);
  else if (Array.isArray(value)) checkList(value, path, depth);
  else if (isJsonObject(value)) checkObject(value, path, depth);
}

function checkString(value: string, path: string): void {
  const bytes = Buffer.byteLength(value);
  if (bytes > LONGEST_STRING) {
    throw badInput(path, `a string of ${bytes} bytes; at most ${LONGEST_STRING} are allowed`);
  }
}

function checkNumber(value: number, path: string): void {
  if (!Number.isInteger(value) || Math.abs(value) >= LEAST_EXPONENTIAL) return;
  if (value < LEAST_INTEGER || value > GREATEST_INTEGER) {
    throw badInput(path, `an integer is ${LEAST_INTEGER} to ${GREATEST_INTEGER}`);
  }
}

/** A list is replaced as a whole: nothing in it can be removed, so there are no nulls in it at any depth. */
function checkList(values: readonly JsonValue[], path: string, depth: number): void {
  checkDepth(path, depth);
  values.forEach((value, index) => {
    const place = `${path}[${index}]`;
    // The depth first: what is checked next goes as deep as the value does.
    checkValue(value, place, depth + 1);
    refuseNulls(value, place);
  });
}

function refuseNulls(value: JsonValue, path: string): void {
  if (value === null) throw badInput(path, 'there is no null inside a list');
  if (!isJsonObject(value)) return;
  for (const [key, inner] of Object.entries(value)) refuseNulls(inner, `${path}.${key}`);
}

function checkDepth(path: string, depth: number): void {
  if (depth > DEEPEST) throw badInput(path, `deeper than the ${DEEPEST} levels of a twin`);
}

function sizeOf(value: JsonValue): number {
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (typeof value === 'number') return 8;
  if (typeof value === 'boolean') return 4;
  if (value === null) return 0;
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + sizeOf(item), 0);
  return Object.entries(value).reduce(
    (sum, [key, inner]) => sum + Buffer.byteLength(key) + sizeOf(inner),
    0,
  );
}
