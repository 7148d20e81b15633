import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RequestError } from '../../../src/services/errors.js';
import {
  formatCursor,
  formatSortedCursor,
  type ListPosition,
  parseCursor,
  parseSortedCursor,
} from '../../../src/services/query/cursor.js';
import type { SortPosition } from '../../../src/services/query/order.js';

const query = "SELECT * FROM devices WHERE tags.site = 'muc'";

function refusalOf(cursor: string, of = query): RequestError {
  try {
    parseCursor(cursor, of);
  } catch (error) {
    if (error instanceof RequestError) return error;
  }
  throw new TypeError('it was not refused');
}

function encode(content: unknown): string {
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  return Buffer.from(text).toString('base64url');
}

describe('a cursor', () => {
  it('brings back the very position it was made of', () => {
    const at = fc.record({
      continuation: fc.option(fc.string({ unit: 'grapheme-ascii', minLength: 1 }), {
        nil: undefined,
      }),
      offset: fc.nat(),
      plain: fc.boolean(),
    });
    const position: fc.Arbitrary<ListPosition> = fc.record({
      hub: fc.string(),
      at: fc.option(at, { nil: undefined }),
    });
    fc.assert(
      fc.property(position, fc.string({ unit: 'binary' }), (one, text) => {
        expect(parseCursor(formatCursor(one, text), text)).toEqual(one);
      }),
    );
  });

  it('of a sorted list brings back the very device it was made of', () => {
    const position: fc.Arbitrary<SortPosition> = fc.record({
      key: fc.oneof(
        fc.string(),
        fc.double({ noNaN: true, noDefaultInfinity: true }).filter((key) => !Object.is(key, -0)),
        fc.boolean(),
        fc.constant(null),
      ),
      hub: fc.string(),
      deviceId: fc.string(),
    });
    fc.assert(
      fc.property(position, fc.string({ unit: 'binary' }), (one, text) => {
        expect(parseSortedCursor(formatSortedCursor(one, text), text)).toEqual(one);
      }),
    );
  });

  it('of a sorted list is none of a list that comes as the hub gives it, nor the other way', () => {
    const sorted = formatSortedCursor({ key: 1, hub: 'pumps', deviceId: 'd1' }, query);
    const plain = formatCursor(
      { hub: 'pumps', at: { continuation: 'more', offset: 0, plain: false } },
      query,
    );

    expect(refusalOf(sorted)).toMatchObject({ code: 'CURSOR_FILTER_MISMATCH' });
    expect(() => parseSortedCursor(plain, query)).toThrow('another filter or order');
  });

  it('is opaque, and safe in a URL', () => {
    const cursor = formatCursor(
      { hub: 'pumps', at: { continuation: 'a/b+c==', offset: 7, plain: true } },
      query,
    );

    expect(cursor).toMatch(/^[A-Za-z0-9_-]+$/);
  });

  it('fits no other filter', () => {
    const cursor = formatCursor(
      { hub: 'pumps', at: { continuation: 'more', offset: 0, plain: false } },
      query,
    );

    expect(refusalOf(cursor, `${query} `)).toMatchObject({
      code: 'CURSOR_FILTER_MISMATCH',
      argument: 'after',
    });
  });

  const { f } = JSON.parse(
    Buffer.from(
      formatCursor(
        { hub: 'pumps', at: { continuation: undefined, offset: 0, plain: false } },
        query,
      ),
      'base64url',
    ).toString(),
  );

  it.each([
    ['nothing', ''],
    ['no base64', '%%%'],
    ['a bare word', 'cursor'],
    [
      'half of one',
      formatCursor(
        { hub: 'pumps', at: { continuation: 'more', offset: 0, plain: false } },
        query,
      ).slice(0, -4),
    ],
    ['no JSON', encode('{')],
    ['a list', encode([])],
    ['null', encode(null)],
    ['no hub', encode({ c: 'more', o: 0, p: false, f })],
    ['no offset', encode({ h: 'pumps', c: 'more', p: false, f })],
    ['an offset before the start', encode({ h: 'pumps', c: 'more', o: -1, p: false, f })],
    ['half an offset', encode({ h: 'pumps', c: 'more', o: 0.5, p: false, f })],
    ['an offset that is text', encode({ h: 'pumps', c: 'more', o: '0', p: false, f })],
    ['a continuation that is none', encode({ h: 'pumps', c: { sql: '1' }, o: 0, p: false, f })],
    [
      'a continuation that no header can carry',
      encode({ h: 'pumps', c: 'a\r\nx-more: b', o: 0, p: false, f }),
    ],
    ['a continuation in another script', encode({ h: 'pumps', c: '泵', o: 0, p: false, f })],
    ['an empty continuation', encode({ h: 'pumps', c: '', o: 0, p: false, f })],
    ['no word on what it rests on', encode({ h: 'pumps', c: 'more', o: 0, f })],
    ['no fingerprint', encode({ h: 'pumps', c: 'more', o: 0, p: false })],
    ['something more', encode({ h: 'pumps', c: 'more', o: 0, p: false, f, x: 1 })],
  ])('that holds %s is refused by the name of its argument', (_name, cursor) => {
    expect(refusalOf(cursor)).toMatchObject({
      code: 'BAD_USER_INPUT',
      argument: 'after',
      message: 'after: expected a cursor from pageInfo.endCursor',
    });
  });

  it('is read or refused, whatever is in it', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.json().map(encode)), (cursor) => {
        expect(refusalOf(cursor).argument).toBe('after');
      }),
    );
  });
});
