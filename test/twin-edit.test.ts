import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { JsonObject } from '../src/services/json.js';
import { connectDevice, type TestDevice } from './emulator/support/device.js';
import { rejectionOf } from './emulator/support/rejection.js';
import { createServiceSdk } from './emulator/support/service.js';
import { startWorld, type World } from './support/gateway.js';
import {
  CreateModuleDocument,
  DeviceDocument,
  DevicesDocument,
  UpdateModuleTwinDocument,
  UpdateTwinDocument,
  type UpdateTwinInput,
} from './support/operations.js';
import { report } from './support/puppet-device.js';

describe('an edit of a twin', () => {
  let world: World;
  let pump: TestDevice;
  let ids = 0;

  beforeAll(async () => {
    world = await startWorld();
    pump = await connectDevice(world.emulator, world.emulator.registerDevice('pump-1'));
  });

  beforeEach(() => {
    world.emulator.faults.clear();
    world.emulator.calls.clear();
  });

  afterAll(async () => {
    await pump[Symbol.asyncDispose]();
    await world[Symbol.asyncDispose]();
  });

  /** A device of its own, with this twin. */
  async function createDevice(tags: JsonObject, desired: JsonObject = {}): Promise<string> {
    ids += 1;
    const deviceId = `edited-${ids}`;
    const { registry } = createServiceSdk(world.emulator);
    await registry.create({ deviceId });
    await registry.updateTwin(deviceId, { tags, properties: { desired } }, '*');
    world.emulator.calls.clear();
    return deviceId;
  }

  async function edit(input: UpdateTwinInput) {
    const { updateTwin } = await world.gateway.data(UpdateTwinDocument, { input });
    if (!updateTwin) throw new TypeError('no payload');
    return updateTwin;
  }

  async function refusal(input: UpdateTwinInput) {
    const { data, errors } = await world.gateway.execute(UpdateTwinDocument, { input });
    expect(data).toEqual({ updateTwin: null });
    expect(errors).toHaveLength(1);
    return { message: errors[0]?.message, ...errors[0]?.extensions };
  }

  const writes = () => world.emulator.calls.count({ operation: 'twin.patch' });

  async function twinAtHub(deviceId: string) {
    const { responseBody } = await createServiceSdk(world.emulator).registry.getTwin(deviceId);
    const { tags, properties, etag, version } = responseBody as unknown as {
      tags: JsonObject;
      properties: { desired: JsonObject };
      etag: string;
      version: number;
    };
    const { $metadata, $version, ...desired } = properties.desired;
    return { tags, desired, metadata: $metadata as JsonObject, $version, etag, version };
  }

  test('merges what is given, removes by null, and tells what changed', async () => {
    const deviceId = await createDevice(
      { site: 'oslo', place: { floor: 1, room: 'a' } },
      { interval: 60, modes: ['a'] },
    );

    const { changes, device } = await edit({
      deviceId,
      tags: { site: 'münchen', place: { room: null, desk: 4 } },
      desired: { interval: 60, modes: ['a', 'b'], limits: { low: 1 } },
    });

    expect(changes).toEqual([
      { section: 'TAGS', path: 'site', before: 'oslo', after: 'münchen' },
      { section: 'TAGS', path: 'place.room', before: 'a', after: null },
      { section: 'TAGS', path: 'place.desk', before: null, after: 4 },
      { section: 'DESIRED', path: 'modes', before: ['a'], after: ['a', 'b'] },
      { section: 'DESIRED', path: 'limits', before: null, after: { low: 1 } },
    ]);
    const atHub = await twinAtHub(deviceId);
    expect(atHub).toMatchObject({
      tags: { site: 'münchen', place: { floor: 1, desk: 4 } },
      desired: { interval: 60, modes: ['a', 'b'], limits: { low: 1 } },
    });
    expect(device).toMatchObject({
      deviceId,
      tags: atHub.tags,
      desired: atHub.desired,
      etag: atHub.etag,
      version: atHub.version,
      source: 'POINT_READ',
    });
  });

  test('replaces a section and leaves the other, as the bare SDK cannot', async () => {
    const start = { site: 'oslo', place: { floor: 1, room: 'a' }, list: [1] } as const;
    const deviceId = await createDevice(start, { interval: 60 });
    const bare = await createDevice(start, { interval: 60 });
    const tags = { place: { floor: 1 }, list: { now: 'an object' }, gone: null };

    const { changes } = await edit({ deviceId, mode: 'REPLACE', tags });
    await createServiceSdk(world.emulator).registry.updateTwin(bare, { tags }, '*');

    const replaced = { place: { floor: 1 }, list: { now: 'an object' } };
    expect(await twinAtHub(deviceId)).toMatchObject({ desired: { interval: 60 } });
    expect((await twinAtHub(deviceId)).tags).toEqual(replaced);
    expect((await twinAtHub(bare)).tags).not.toEqual(replaced);
    expect(changes).toEqual([
      { section: 'TAGS', path: 'site', before: 'oslo', after: null },
      { section: 'TAGS', path: 'place.room', before: 'a', after: null },
      { section: 'TAGS', path: 'list', before: [1], after: { now: 'an object' } },
    ]);
  });

  test('that replaces leaves what stays the time of its last change, and the device is not told of it', async () => {
    await edit({ deviceId: 'pump-1', mode: 'REPLACE', desired: { stays: 1, goes: 2 } });
    const before = await twinAtHub('pump-1');
    const twin = await pump.client.getTwin();
    const heard = new Promise((resolve) => {
      // The SDK tells of the desired properties that it has as soon as it is listened to.
      let first = true;
      twin.on('properties.desired', (delta: unknown) => {
        if (!first) resolve(delta);
        first = false;
      });
    });

    await edit({ deviceId: 'pump-1', mode: 'REPLACE', desired: { stays: 1, comes: 3 } });

    const after = await twinAtHub('pump-1');
    expect(after.desired).toEqual({ stays: 1, comes: 3 });
    expect(after.metadata['stays']).toEqual(before.metadata['stays']);
    expect(await heard).toEqual({ goes: null, comes: 3, $version: after.$version });
  });

  test('clears a section that is replaced by nothing', async () => {
    const deviceId = await createDevice({ site: 'oslo' }, { a: { b: 1 } });

    const { device } = await edit({ deviceId, mode: 'REPLACE', tags: {}, desired: {} });

    expect(device).toMatchObject({ tags: {}, desired: {} });
    expect(await twinAtHub(deviceId)).toMatchObject({ tags: {}, desired: {} });
  });

  test('gives any twin exactly the sections that it is replaced by', async () => {
    const deviceId = await createDevice({});
    const key = fc.constantFrom('a', 'b', 'c', 'ö', 'constructor', 'toString');
    const { value } = fc.letrec<{ value: unknown; object: object }>((tie) => ({
      value: fc.oneof(
        { depthSize: 'small' },
        fc.constantFrom(0, 1, 'text', '', true),
        fc.array(fc.integer(), { maxLength: 2 }),
        tie('object'),
      ),
      object: fc.dictionary(key, tie('value'), { maxKeys: 3, noNullPrototype: true }),
    }));
    const section = fc.dictionary(key, value, { maxKeys: 4, noNullPrototype: true });

    await fc.assert(
      fc.asyncProperty(section, section, async (tags, desired) => {
        const { device } = await edit({ deviceId, mode: 'REPLACE', tags, desired });
        const atHub = await twinAtHub(deviceId);

        expect(atHub.tags).toEqual(tags);
        expect(atHub.desired).toEqual(desired);
        expect(device).toMatchObject({ tags, desired });
      }),
      { numRuns: 40 },
    );
  });

  test('that changes nothing is not sent', async () => {
    const deviceId = await createDevice({ site: 'oslo' }, { interval: 60 });
    const before = await twinAtHub(deviceId);

    const { changes, device } = await edit({
      deviceId,
      tags: { site: 'oslo', gone: null },
      desired: { interval: 60 },
    });

    expect(changes).toEqual([]);
    expect(device.version).toBe(before.version);
    expect(writes()).toBe(0);
  });

  test('is done under the ETag that is given, and refused with the current one under another', async () => {
    const deviceId = await createDevice({ site: 'oslo' });
    const { etag } = await twinAtHub(deviceId);

    const { device } = await edit({ deviceId, tags: { site: 'bergen' }, ifMatch: etag });
    const refused = await refusal({ deviceId, tags: { site: 'paris' }, ifMatch: etag });

    expect(device.etag).not.toBe(etag);
    expect(refused).toEqual({
      message: expect.stringMatching(/^ifMatch: somebody else changed it/),
      code: 'ETAG_MISMATCH',
      argument: 'ifMatch',
      currentEtag: device.etag,
    });
    expect((await twinAtHub(deviceId)).tags).toEqual({ site: 'bergen' });
  });

  test('without an ETag that somebody overtook is made anew on what is there', async () => {
    const deviceId = await createDevice({});
    const { emulator } = world;
    emulator.faults.add({
      operation: 'twin.patch',
      deviceId,
      times: 1,
      effect: { kind: 'status', status: 412, code: 'PreconditionFailed' },
    });

    const { changes } = await edit({ deviceId, tags: { a: 1 } });

    expect(changes).toHaveLength(1);
    expect(writes()).toBe(2);
    expect(emulator.calls.count({ operation: 'twin.get' })).toBe(2);
  });

  test('that races others loses nothing of theirs', async () => {
    const deviceId = await createDevice({});

    await Promise.all(['a', 'b', 'c'].map((name) => edit({ deviceId, tags: { [name]: 1 } })));

    expect((await twinAtHub(deviceId)).tags).toEqual({ a: 1, b: 1, c: 1 });
  });

  test('that others overtake again and again gives up, with the current ETag', async () => {
    const deviceId = await createDevice({});
    world.emulator.faults.add({
      operation: 'twin.patch',
      deviceId,
      effect: { kind: 'status', status: 412, code: 'PreconditionFailed' },
    });

    const { code, currentEtag } = (await refusal({ deviceId, tags: { a: 1 } })) as Record<
      string,
      unknown
    >;

    expect(code).toBe('ETAG_MISMATCH');
    expect(currentEtag).toBe((await twinAtHub(deviceId)).etag);
    expect(writes()).toBe(3);
  });

  test('is not undone by a report of the device in between, which moves no ETag', async () => {
    const { etag } = await twinAtHub('pump-1');
    await report(pump, { temperature: 20 });

    const { changes } = await edit({ deviceId: 'pump-1', tags: { seen: true }, ifMatch: etag });

    expect(changes).toHaveLength(1);
  });

  test('is shown by everything that is asked for later, also where the hub’s index lags', async () => {
    const deviceId = await createDevice({ site: 'lagging' });
    const stale = await world.gateway.data(DevicesDocument, {
      where: { deviceId: { eq: deviceId } },
    });
    const { device } = await edit({ deviceId, tags: { site: 'edited' } });

    const { device: fast } = await world.gateway.data(DeviceDocument, {
      id: deviceId,
      consistency: 'FAST',
    });

    expect(stale.devices.nodes[0]?.version).toBeLessThan(device.version);
    expect(fast).toMatchObject({ version: device.version, tags: { site: 'edited' } });
    // The read before the write, the twin after it from its answer: FAST asked for nothing.
    expect(world.emulator.calls.count({ operation: 'twin.get', deviceId })).toBe(1);
  });

  test('takes one read and one write of the budget, and says so', async () => {
    const deviceId = await createDevice({});
    const response = await fetch(`${world.gateway.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        query: `mutation { updateTwin(input: {deviceId: "${deviceId}", tags: {a: 1}}) { changes { path } } }`,
      }),
    });

    expect(await response.json()).toMatchObject({
      extensions: { hubCost: { TWIN_READS: 1, TWIN_WRITES: 1 } },
    });
  });

  test.each<[string, Partial<UpdateTwinInput>, string, RegExp]>([
    ['neither section', {}, 'tags', /expected tags, desired properties, or both/],
    ['nulls, which are nothing', { tags: null, desired: null }, 'tags', /expected tags/],
    ['a list for a section', { tags: [1] }, 'tags', /expected an object/],
    ['a name with a dot', { tags: { a: { 'b.c': 1 } } }, 'tags.a', /"b\.c"/],
    ['a name with a dollar', { desired: { $version: 4 } }, 'desired', /"\$version"/],
    ['a name with a hash', { desired: { 'a#': 4 } }, 'desired', /"a#"/],
    ['a name with a space', { tags: { 'a b': 1 } }, 'tags', /"a b"/],
    ['a name with a control character', { tags: { 'a\u0001': 1 } }, 'tags', /a\\u0001/],
    ['an empty name', { tags: { a: { '': 1 } } }, 'tags.a', /no empty name/],
    ['a name inside a list', { tags: { a: [{ 'b c': 1 }] } }, 'tags.a[0]', /"b c"/],
    ['a long name', { tags: { ['ö'.repeat(513)]: 1 } }, 'tags', /1026 bytes; at most 1024/],
    [
      'a long string',
      { desired: { a: 'ö'.repeat(2049) } },
      'desired.a',
      /4098 bytes; at most 4096/,
    ],
    ['a large integer', { desired: { a: { b: 2 ** 52 } } }, 'desired.a.b', /4503599627370495/],
    ['a small integer', { desired: { a: -(2 ** 52) - 1 } }, 'desired.a', /-4503599627370496/],
    ['a null in a list', { tags: { a: [1, null] } }, 'tags.a[1]', /no null inside a list/],
    ['a null below a list', { tags: { a: [{ b: { c: null } }] } }, 'tags.a[0].b.c', /no null/],
    ['too many levels', { tags: nested(12) }, 'tags.a.a.a.a.a.a.a.a.a.a.a', /10 levels/],
    ['an ETag with a line break', { tags: {}, ifMatch: 'a\r\nb' }, 'ifMatch', /expected the ETag/],
    ['no device id', { deviceId: 'a b', tags: {} }, 'deviceId', /expected a Device.id/],
    ['no module id', { moduleId: 'a/b', tags: {} }, 'moduleId', /expected a module id/],
  ])(
    'is refused %s by its path, and the hub is not asked',
    async (_name, part, argument, words) => {
      const refused = await refusal({ deviceId: 'pump-1', ...part });

      expect(refused).toMatchObject({ code: 'BAD_USER_INPUT', argument });
      expect(refused.message).toMatch(words);
      expect(world.emulator.calls.count({})).toBe(0);
    },
  );

  test('is refused more levels than JavaScript itself can descend', async () => {
    const levels = 20_000;
    const deep = `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;
    const response = await fetch(`${world.gateway.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: `{"query":"mutation ($tags: JSON!) { updateTwin(input: {deviceId: \\"pump-1\\", tags: $tags}) { changes { path } } }","variables":{"tags":{"list":[${deep}]}}}`,
    });

    expect(await response.json()).toMatchObject({
      errors: [{ extensions: { code: 'REQUEST_TOO_COMPLEX', limit: 'variableDepth' } }],
    });
    expect(world.emulator.calls.count({})).toBe(0);
  });

  test.each<[string, (filler: string) => Partial<UpdateTwinInput>, number, string]>([
    ['tags', (text) => ({ tags: { c: text } }), 8192, 'tags'],
    ['desired properties', (text) => ({ desired: { c: text } }), 32768, 'desired'],
  ])('lets %s grow to exactly what the hub holds', async (_name, part, largest, section) => {
    const start = fillers(largest - 5);
    const deviceId = await createDevice(
      section === 'tags' ? start : {},
      section === 'tags' ? {} : start,
    );

    await edit({ deviceId, ...part('1234') });
    const refused = await refusal({ deviceId, ...part('12345') });

    expect(refused).toMatchObject({
      code: 'BAD_USER_INPUT',
      argument: section,
      message: `${section}: it would be ${largest + 1} bytes; a twin holds at most ${largest}`,
    });
    expect(writes()).toBe(1);
    // The hub draws the line at the same byte.
    const patch = section === 'tags' ? part('12345') : { properties: part('12345') };
    const bare = createServiceSdk(world.emulator).registry.updateTwin(deviceId, patch, '*');
    expect((await rejectionOf(bare)).name).toBe('ArgumentError');
  });

  test('takes what lies just within every limit, as the hub does', async () => {
    const deviceId = await createDevice({});
    const desired = {
      ...nested(11),
      ['ö'.repeat(512)]: 'ö'.repeat(2048),
      least: -(2 ** 52),
      greatest: 2 ** 52 - 1,
      astronomic: 1e22,
      list: [[1], { b: '' }],
    };
    await edit({ deviceId, desired });

    expect((await twinAtHub(deviceId)).desired).toEqual(desired);
  });

  test('of a device that is not there says so', async () => {
    expect(await refusal({ deviceId: 'nobody', tags: { a: 1 } })).toMatchObject({
      code: 'DEVICE_NOT_FOUND',
    });
  });

  test('whose answer is lost is not sent again, and says that it may have been done', async () => {
    const deviceId = await createDevice({});
    world.emulator.faults.add({
      operation: 'twin.patch',
      deviceId,
      times: 1,
      effect: { kind: 'reset', when: 'after' },
    });

    expect(await refusal({ deviceId, tags: { a: 1 } })).toMatchObject({
      code: 'OUTCOME_UNKNOWN',
      message: expect.stringMatching(/may have been done/),
    });
    expect(writes()).toBe(1);
    expect((await twinAtHub(deviceId)).tags).toEqual({ a: 1 });
  });

  test('that the hub throttles is not done, and says so', async () => {
    const deviceId = await createDevice({});
    world.emulator.faults.add({ operation: 'twin.patch', effect: { kind: 'throttle' } });

    expect(await refusal({ deviceId, tags: { a: 1 } })).toMatchObject({ code: 'HUB_THROTTLED' });
    expect(writes()).toBe(1);
  });

  test('of a module is one of its own twin', async () => {
    const deviceId = await createDevice({ of: 'the device' });
    const moduleId = "odd?id#%2F'(1)";
    await world.gateway.data(CreateModuleDocument, { input: { deviceId, moduleId } });
    world.emulator.calls.clear();

    const { updateTwin } = await world.gateway.data(UpdateModuleTwinDocument, {
      input: { deviceId, moduleId, tags: { of: 'the module' }, desired: { a: 1 } },
    });

    expect(updateTwin).toMatchObject({
      device: { deviceId },
      module: { deviceId, moduleId, tags: { of: 'the module' }, desired: { a: 1 }, version: 3 },
      changes: [
        { section: 'TAGS', path: 'of', before: null, after: 'the module' },
        { section: 'DESIRED', path: 'a', before: null, after: 1 },
      ],
    });
    expect((await twinAtHub(deviceId)).tags).toEqual({ of: 'the device' });
    const stale = await world.gateway.execute(UpdateModuleTwinDocument, {
      input: { deviceId, moduleId, tags: {}, ifMatch: 'AAAAAAAAAAE=' },
    });
    expect(stale.errors).toMatchObject([
      { extensions: { code: 'ETAG_MISMATCH', currentEtag: updateTwin?.module?.etag } },
    ]);
    const none = await world.gateway.execute(UpdateModuleTwinDocument, {
      input: { deviceId, moduleId: 'none', tags: { a: 1 } },
    });
    expect(none.errors).toMatchObject([{ extensions: { code: 'MODULE_NOT_FOUND' } }]);
  });
});

/** Objects in one another, `levels` names deep. */
function nested(levels: number): JsonObject {
  let value: JsonObject = { a: 1 };
  for (let level = 1; level < levels; level += 1) value = { a: value };
  return value;
}

/** Strings under one-letter names that take so many bytes together. */
function fillers(bytes: number): JsonObject {
  const names = [...'defghijklmnop'];
  const filled: Record<string, string> = {};
  let left = bytes;
  for (const name of names) {
    const length = Math.min(4096, left - 1);
    if (length <= 0) break;
    filled[name] = 'x'.repeat(length);
    left -= length + 1;
  }
  return filled;
}
