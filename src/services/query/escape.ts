import type { Comparable } from './device-filter.js';

/** Names that may stand as they are; anything else goes into `[[…]]`. */
const plainName = /^[A-Za-z_][A-Za-z0-9_]*$/;
/** Words of the query language, which would be read as such. */
const reserved = new Set(
  'select top from where group by as and or not in nin is_defined startswith array_contains count avg sum min max true false null undefined devices jobs modules'.split(
    ' ',
  ),
);

/**
 * One key of a property path as the query language writes it. The only way by which names reach a
 * query. Throws a TypeError for what cannot be written; property paths refuse it before this.
 */
export function quoteName(name: string): string {
  if (plainName.test(name) && !reserved.has(name.toLowerCase())) return name;
  if (/\]\]|\]$/.test(name)) throw new TypeError(`a query cannot name the property '${name}'`);
  return `[[${name}]]`;
}

/** A constant as the query language writes it. The only way by which values reach a query. */
export function quoteValue(value: Comparable): string {
  if (typeof value === 'string') return quoteText(value);
  if (typeof value === 'number') return plainNumber(value);
  return String(value);
}

function quoteText(text: string): string {
  const escaped = text.replace(/[\\']|[^\x20-\x7e]/g, (character) =>
    character === '\\' || character === "'"
      ? `\\${character}`
      : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return `'${escaped}'`;
}

/** Without an exponent, which the query language may not know: the same digits, so the same number. */
function plainNumber(value: number): string {
  const [digits = '', exponent] = String(value).split('e');
  if (exponent === undefined) return digits;
  const sign = value < 0 ? '-' : '';
  const [whole = '', fraction = ''] = digits.replace('-', '').split('.');
  const point = whole.length + Number(exponent);
  if (point > 0) return sign + (whole + fraction).padEnd(point, '0');
  return `${sign}0.${'0'.repeat(-point)}${whole}${fraction}`;
}
