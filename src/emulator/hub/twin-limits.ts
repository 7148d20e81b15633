import { hubError } from '../errors.js';
import { isJsonObject, type JsonObject, type JsonValue } from '../json.js';

/**
 * The limits of "Understand and use device twins in IoT Hub": keys, values, depth and size.
 * The root of a section is not a level; ten levels below it may hold values.
 */
const maxKeyBytes = 1024;
const maxStringBytes = 4096;
const maxDepth = 10;
const maxInteger = 2 ** 52;
/** From here on JSON writes numbers with an exponent: they are no integers to a hub. */
const leastExponential = 1e21;
const maxSizes = { tags: 8 * 1024, desired: 32 * 1024, reported: 32 * 1024 } as const;

export type SectionName = keyof typeof maxSizes;

const paths = {
  tags: 'tags',
  desired: 'properties.desired',
  reported: 'properties.reported',
} as const;

/** Throws the hub's 400 for the first name or value that no twin may hold. */
export function checkProperties(name: SectionName, properties: JsonObject): void {
  for (const [key, value] of Object.entries(properties)) {
    // At the root these two are what a twin that was read carries; they are ignored, not refused.
    if (key === '$version' || key === '$metadata') continue;
    checkKey(key, paths[name]);
    checkValue(value, `${paths[name]}.${key}`, 1);
  }
}

/** Throws the hub's 400 when a section has grown too large. */
export function checkSize(name: SectionName, values: JsonObject): void {
  const size = sizeOf(values);
  if (size > maxSizes[name]) {
    throw invalid(`The size of ${paths[name]} is ${size} bytes; at most ${maxSizes[name]} fit.`);
  }
}

function checkKey(key: string, path: string): void {
  if (Buffer.byteLength(key) > maxKeyBytes) {
    throw invalid(`A property name under ${path} is longer than ${maxKeyBytes} bytes.`);
  }
  if (key === '' || /[.$#\s\p{Cc}]/u.test(key)) {
    throw invalid(
      `The property name ${JSON.stringify(key)} under ${path} is empty, or has a character that names may not have: control characters, '.', '$', '#' or white space.`,
    );
  }
}

function checkValue(value: JsonValue, path: string, level: number): void {
  if (typeof value === 'string') checkString(value, path);
  else if (typeof value === 'number') checkNumber(value, path);
  else if (Array.isArray(value)) checkArray(value, path, level);
  else if (value !== null && typeof value === 'object') checkObject(value, path, level);
}

function checkString(value: string, path: string): void {
  if (Buffer.byteLength(value) > maxStringBytes) {
    throw invalid(`The string at ${path} is longer than ${maxStringBytes} bytes.`);
  }
}

function checkNumber(value: number, path: string): void {
  if (!Number.isInteger(value) || Math.abs(value) >= leastExponential) return;
  if (value < -maxInteger || value >= maxInteger) {
    throw invalid(`The integer at ${path} is outside -4503599627370496 to 4503599627370495.`);
  }
}

function checkArray(values: readonly JsonValue[], path: string, level: number): void {
  checkDepth(path, level);
  values.forEach((value, index) => {
    const place = `${path}[${index}]`;
    if (value === null) throw invalid(`There is a null in an array, at ${place}.`);
    checkValue(value, place, level + 1);
    if (isJsonObject(value)) refuseNulls(value, place);
  });
}

function checkObject(value: JsonObject, path: string, level: number): void {
  checkDepth(path, level);
  for (const [key, below] of Object.entries(value)) {
    checkKey(key, path);
    checkValue(below, `${path}.${key}`, level + 1);
  }
}

function checkDepth(path: string, level: number): void {
  if (level > maxDepth) throw invalid(`${path} is deeper than ${maxDepth} levels.`);
}

/** In an array nothing can be merged, so nothing can be removed. */
function refuseNulls(value: JsonObject, path: string): void {
  for (const [key, below] of Object.entries(value)) {
    if (below === null) throw invalid(`There is a null inside an array, at ${path}.${key}.`);
    if (isJsonObject(below)) refuseNulls(below, `${path}.${key}`);
  }
}

/** Names and strings count their bytes in UTF-8, numbers eight, booleans four. */
function sizeOf(value: JsonValue): number {
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (typeof value === 'number') return 8;
  if (typeof value === 'boolean') return 4;
  if (value === null) return 0;
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + sizeOf(item), 0);
  let size = 0;
  for (const [key, below] of Object.entries(value)) size += Buffer.byteLength(key) + sizeOf(below);
  return size;
}

function invalid(message: string): Error {
  return hubError('ArgumentInvalid', message);
}
