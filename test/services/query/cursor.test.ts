import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RequestError } from '../../../src/services/errors.js';
import { formatCursor, type Position, parseCursor } from '../../../src/services/query/cursor.js';

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
    const position: fc.Arbitrary<Position> = fc.record({
      continuation: fc.option(fc.string({ unit: 'grapheme-ascii', minLength: 1 }), {
        nil: undefined,
      }),
      offset: fc.nat(),
    });
    fc.assert(
      fc.property(position, fc.string({ unit: 'binary' }), (one, text) => {
        expect(parseCursor(formatCursor(one, text), text)).toEqual(one);
      }),
    );
  });

  it('that is absent means the start', () => {
    expect(parseCursor(undefined, query)).toEqual({ continuation: undefined, offset: 0 });
  });

  it('is opaque, and safe in a URL', () => {
    const cursor = formatCursor({ continuation: 'a/b+c==', offset: 7 }, query);

    expect(cursor).toMatch(/^[A-Za-z0-9_-]+$/);
  });

  it('fits no other filter', () => {
    const cursor = formatCursor({ continuation: 'more', offset: 0 }, query);

    expect(refusalOf(cursor, `${query} `)).toMatchObject({
      code: 'CURSOR_FILTER_MISMATCH',
      argument: 'after',
    });
  });

  const { f } = JSON.parse(
    Buffer.from(
      formatCursor({ continuation: undefined, offset: 0 }, query),
      'base64url',
    ).toString(),
  );

  it.each([
    ['nothing', ''],
    ['no base64', '%%%'],
    ['a bare word', 'cursor'],
    ['half of one', formatCursor({ continuation: 'more', offset: 0 }, query).slice(0, -4)],
    ['no JSON', encode('{')],
    ['a list', encode([])],
    ['null', encode(null)],
    ['no offset', encode({ c: 'more', f })],
    ['an offset before the start', encode({ c: 'more', o: -1, f })],
    ['half an offset', encode({ c: 'more', o: 0.5, f })],
    ['an offset that is text', encode({ c: 'more', o: '0', f })],
    ['a continuation that is none', encode({ c: { sql: '1' }, o: 0, f })],
    ['a continuation that no header can carry', encode({ c: 'a\r\nx-more: b', o: 0, f })],
    ['a continuation in another script', encode({ c: '泵', o: 0, f })],
    ['an empty continuation', encode({ c: '', o: 0, f })],
    ['no fingerprint', encode({ c: 'more', o: 0 })],
    ['something more', encode({ c: 'more', o: 0, f, x: 1 })],
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
