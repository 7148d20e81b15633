import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestEmulator, type TestEmulator } from './support/emulator.js';
import { send } from './support/https.js';
import { createServiceToken } from './support/service.js';

const stamp = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,7})?Z$/);

describe('a twin', () => {
  let emulator: TestEmulator;
  let count = 0;
  beforeAll(async () => {
    emulator = await startTestEmulator();
  });
  afterAll(() => emulator[Symbol.asyncDispose]());

  /** The path of a fresh twin. */
  function createTwin(): string {
    count += 1;
    emulator.registerDevice(`d${count}`);
    return `/twins/d${count}`;
  }

  const patch = (path: string, body: unknown, headers = {}) =>
    send(emulator, `PATCH ${path}`, { body, headers });
  const patchDesired = (path: string, desired: unknown) => patch(path, { properties: { desired } });

  test('starts at version 2, its sections at 1, with the first ETag', async () => {
    const { status, json, headers } = await send(emulator, `GET ${createTwin()}`);

    expect(status).toBe(200);
    expect(headers.etag).toBe('"AAAAAAAAAAE="');
    expect(json).toMatchObject({
      etag: 'AAAAAAAAAAE=',
      version: 2,
      status: 'enabled',
      statusUpdateTime: '0001-01-01T00:00:00Z',
      authenticationType: 'sas',
      modelId: '',
      tags: {},
      properties: {
        desired: { $metadata: { $lastUpdated: stamp }, $version: 1 },
        reported: { $metadata: { $lastUpdated: stamp }, $version: 1 },
      },
    });
  });

  test('carries the ETag of its identity', async () => {
    const path = createTwin();
    const twin = await send(emulator, `GET ${path}`);
    const identity = await send(emulator, `GET ${path.replace('twins', 'devices')}`);

    expect(twin.json.deviceEtag).toBe(identity.json.etag);
  });

  test('counts a write of tags in its version and ETag, but in no section', async () => {
    const { json } = await patch(createTwin(), { tags: { site: 'muc' } });

    expect(json).toMatchObject({
      etag: 'AAAAAAAAAAI=',
      version: 3,
      tags: { site: 'muc' },
      properties: { desired: { $version: 1 }, reported: { $version: 1 } },
    });
  });

  test('dates every level of what was written, with the version that wrote it', async () => {
    const path = createTwin();
    await patchDesired(path, { fan: { speed: 1, mode: 'auto' } });
    const { json } = await patchDesired(path, { fan: { speed: 2 } });

    expect(json.properties.desired).toEqual({
      fan: { speed: 2, mode: 'auto' },
      $version: 3,
      $metadata: {
        $lastUpdated: stamp,
        $lastUpdatedVersion: 3,
        fan: {
          $lastUpdated: stamp,
          $lastUpdatedVersion: 3,
          speed: { $lastUpdated: stamp, $lastUpdatedVersion: 3 },
          mode: { $lastUpdated: stamp, $lastUpdatedVersion: 2 },
        },
      },
    });
  });

  test('dates each write later than the last, even under a clock that stands still', async () => {
    const at = new Date('2026-01-02T03:04:05.000Z');
    await using own = await startTestEmulator({ clock: () => at });
    own.registerDevice('still', { tags: { a: 1 } });
    const write = (value: number) =>
      send(own, 'PATCH /twins/still', {
        body: { properties: { desired: { value } } },
        authorization: createServiceToken('iothubowner', {
          expirySeconds: at.getTime() / 1000 + 60,
        }),
      });

    const dates = [await write(1), await write(2)].map(
      ({ json }) => json.properties.desired.$metadata.value.$lastUpdated,
    );

    expect(dates[0]).toMatch(/^2026-01-02T03:04:05(\.\d{1,7})?Z$/);
    expect(dates[1] > dates[0] || dates[1].length > dates[0].length).toBe(true);
  });

  test.each([
    ['objects merge', { a: { x: 1 } }, { a: { y: 2 } }, { a: { x: 1, y: 2 } }],
    ['null removes', { a: 1, b: 2 }, { a: null }, { b: 2 }],
    ['null removes at depth', { a: { x: 1, y: 2 } }, { a: { x: null } }, { a: { y: 2 } }],
    ['the last leaf leaves an empty object', { a: { x: 1 } }, { a: { x: null } }, { a: {} }],
    ['an array replaces whole', { a: [1, 2, 3] }, { a: [4] }, { a: [4] }],
    ['a scalar replaces an object', { a: { x: 1 } }, { a: 1 }, { a: 1 }],
    ['an object replaces a scalar', { a: 1 }, { a: { x: 1, y: null } }, { a: { x: 1 } }],
    ['an empty object changes no object', { a: { x: 1 } }, { a: {} }, { a: { x: 1 } }],
    ['an empty object replaces a scalar', { a: 1 }, { a: {} }, { a: {} }],
    ['removing what is not there is allowed', { a: 1 }, { b: null }, { a: 1 }],
    ['null clears the section', { a: 1 }, null, {}],
    ["$version and $metadata are the hub's", { a: 1 }, { $version: 9, $metadata: {} }, { a: 1 }],
  ])('merges: %s', async (_, first, second, expected) => {
    const path = createTwin();
    await patchDesired(path, first);
    const { status, json } = await patchDesired(path, second);

    const { $version, $metadata, ...values } = json.properties.desired;
    expect(status).toBe(200);
    expect(values).toEqual(expected);
    expect($version).toBe(3);
  });

  test('forgets the date of what was removed', async () => {
    const path = createTwin();
    await patchDesired(path, { a: 1, b: 2 });
    const { json } = await patchDesired(path, { a: null });

    expect(Object.keys(json.properties.desired.$metadata)).toEqual([
      '$lastUpdated',
      '$lastUpdatedVersion',
      'b',
    ]);
  });

  test('holds names that JavaScript objects are born with', async () => {
    const path = createTwin();
    await patch(path, '{"tags":{"__proto__":{"a":1},"constructor":{"b":2}}}');
    const { text } = await patch(path, '{"tags":{"__proto__":{"c":3},"toString":null}}');

    expect(text).toContain('"tags":{"__proto__":{"a":1,"c":3},"constructor":{"b":2}}');
  });

  test('ignores reported properties of a service', async () => {
    const { json } = await patch(createTwin(), { properties: { reported: { a: 1 } } });

    expect(json.properties.reported.a).toBeUndefined();
  });

  test('a PUT replaces tags and desired properties, and keeps what the device reported', async () => {
    const path = createTwin();
    await patch(path, { tags: { a: 1 }, properties: { desired: { b: 1 } } });
    const { status, json } = await send(emulator, `PUT ${path}`, {
      body: { properties: { desired: { c: 1 } } },
    });

    expect(status).toBe(200);
    expect(json.tags).toEqual({});
    expect(json.properties.desired).toMatchObject({ c: 1, $version: 3 });
    expect(json.properties.desired.b).toBeUndefined();
  });

  test('is written under its current ETag or any, and refused under a stale one', async () => {
    const path = createTwin();
    const write = (etag: string) => patch(path, { tags: {} }, { 'If-Match': etag });

    const statuses = [
      (await write('"AAAAAAAAAAE="')).status,
      (await write('"AAAAAAAAAAE="')).status,
      (await write('"*"')).status,
      (await write('*')).status,
      (await write('AAAAAAAAAAQ=')).status,
    ];

    expect(statuses).toEqual([200, 412, 200, 200, 200]);
  });

  test('of an unknown device is 404', async () => {
    const { status, json } = await send(emulator, 'GET /twins/nobody');

    expect(status).toBe(404);
    expect(json.Message).toBe('ErrorCode:DeviceNotFound;nobody');
  });

  const nest = (levels: number): unknown => (levels === 0 ? 1 : { a: nest(levels - 1) });

  test.each([
    ['a name with a space', { 'a b': 1 }],
    ['a name with a dot', { 'a.b': 1 }],
    ['a name with a dollar', { a: { $b: 1 } }],
    ['a name with a hash', { 'a#': 1 }],
    ['a name with a control character', { 'a\u0001': 1 }],
    ['a name of 1025 bytes', { ['a'.repeat(1025)]: 1 }],
    ['a string of 4097 bytes', { a: 'ü'.repeat(2049) }],
    ['an integer of 2^52', { a: 2 ** 52 }],
    ['an integer below -2^52', { a: -(2 ** 52) - 1 }],
    ['a null in an array', { a: [null] }],
    ['a null in an object in an array', { a: [{ b: null }] }],
    ['eleven levels', nest(12)],
    ['an array on the eleventh level', { a: [[[[[[[[[[1]]]]]]]]]], b: [[[[[[[[[[[1]]]]]]]]]]] }],
    [
      'more than 8 KB of tags',
      Object.fromEntries('abc'.split('').map((key) => [key, 'x'.repeat(4000)])),
    ],
    ['a section that is a string', 'tags'],
    ['a section that is an array', []],
  ])('refuses %s, and stays as it was', async (_, tags) => {
    const path = createTwin();
    const { status, headers } = await patch(path, { tags });

    expect(status).toBe(400);
    expect(headers['iothub-errorcode']).toBe('ArgumentInvalid');
    expect((await send(emulator, `GET ${path}`)).json.version).toBe(2);
  });

  test.each([
    ['ten levels with a scalar in the tenth', nest(11)],
    ['an integer just below 2^52', { a: 2 ** 52 - 1 }],
    ['a number that is no integer', { a: -4503.5e9 + 0.25 }],
    ['a string of 4096 bytes', { a: 'ü'.repeat(2048) }],
    ['an array of objects', { a: [{ b: [1, 'x', true] }] }],
  ])('holds %s', async (_, tags) => {
    expect((await patch(createTwin(), { tags })).status).toBe(200);
  });

  test('refuses more than 32 KB of desired properties, counted after the merge', async () => {
    const path = createTwin();
    const half = (prefix: string) =>
      Object.fromEntries([1, 2, 3, 4, 5].map((n) => [`${prefix}${n}`, 'x'.repeat(4000)]));

    expect((await patchDesired(path, half('a'))).status).toBe(200);
    expect((await patchDesired(path, half('b'))).status).toBe(400);
  });

  test.each(['{', '[]', '"twin"', ''])('refuses the body %j', async (body) => {
    expect((await patch(createTwin(), body)).status).toBe(400);
  });
});
