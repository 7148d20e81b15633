import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatDeviceId, parseDeviceId } from '../../src/services/device-id.js';
import { RequestError } from '../../src/services/errors.js';

const allowed = "ABZabz0189-.+%_#*?!(),:=@$'";
const name = fc
  .string({ unit: fc.constantFrom(...allowed), minLength: 1, maxLength: 128 })
  .filter((text) => text !== '.' && text !== '..');

function refusalOf(text: string): RequestError {
  try {
    parseDeviceId(text, 'deviceId', ['pumps']);
  } catch (error) {
    if (error instanceof RequestError) return error;
  }
  throw new TypeError('it was not refused');
}

describe('the id of a device', () => {
  it('leads back to the hub and the device that it names', () => {
    fc.assert(
      fc.property(name, (deviceId) => {
        const ref = { hub: 'pumps', deviceId };
        expect(parseDeviceId(formatDeviceId(ref), 'id', ['pumps'])).toEqual(ref);
      }),
    );
  });

  it('may be the bare one while there is one hub', () => {
    fc.assert(
      fc.property(name, (deviceId) => {
        expect(parseDeviceId(deviceId, 'id', ['pumps'])).toEqual({ hub: 'pumps', deviceId });
      }),
    );
  });

  it('never looks like a bare one', () => {
    expect(formatDeviceId({ hub: 'pumps', deviceId: 'd1' })).toMatch(/^~/);
    expect(refusalOf('~d1').code).toBe('BAD_USER_INPUT');
  });

  it.each([
    ['', 'nothing'],
    ['x'.repeat(129), 'too long a name'],
    ['a b', 'a space'],
    ['a/b', 'a slash'],
    ['a;b', 'a semicolon'],
    ['a\u0000', 'a control character'],
    ['pümpe', 'another script'],
    ['~', 'a prefix alone'],
    ['~%%%', 'no base64'],
    [formatDeviceId({ hub: 'fans', deviceId: 'd1' }), 'another hub'],
    [formatDeviceId({ hub: '', deviceId: 'd1' }), 'no hub'],
    [formatDeviceId({ hub: 'pumps', deviceId: '' }), 'no device'],
    [formatDeviceId({ hub: 'pumps', deviceId: '../d1' }), 'a path'],
  ])('%j is refused by the name of its argument: %s', (text) => {
    expect(refusalOf(text)).toMatchObject({ code: 'BAD_USER_INPUT', argument: 'deviceId' });
    expect(refusalOf(text).message).toMatch(/^deviceId: expected a Device\.id, or a device id of/);
  });
});
