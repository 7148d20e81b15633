import { describe, expect, it } from 'vitest';
import { parseTwin, propertyState } from '../../../src/services/hub/twin.js';
import { startTestEmulator } from '../../emulator/support/emulator.js';
import { send } from '../../emulator/support/https.js';
import { evidencePath, makeTwin, twinJson } from '../support/twins.js';

describe('a twin', () => {
  it('as the hub writes it is taken apart', async () => {
    await using emulator = await startTestEmulator();
    emulator.registerDevice('d1', { tags: { site: 'muc' }, status: 'disabled' });
    await send(emulator, 'PATCH /twins/d1', {
      body: { properties: { desired: { interval: 60, nested: { deep: true } } } },
    });

    const twin = parseTwin((await send(emulator, 'GET /twins/d1')).json);

    expect(twin).toMatchObject({
      deviceId: 'd1',
      status: 'disabled',
      connectionState: 'Disconnected',
      lastActivityTime: null,
      version: 4,
      tags: { site: 'muc' },
      desired: { values: { interval: 60, nested: { deep: true } }, version: 2 },
      reported: { values: {}, version: 1 },
    });
    expect(twin?.etag).not.toBe('');
    expect(twin?.deviceEtag).not.toBe('');
    expect(twin?.desired.metadata).toHaveProperty('nested.deep.$lastUpdated');
  });

  it.each([
    null,
    undefined,
    7,
    'text',
    [],
    {},
    { deviceId: 7 },
    { deviceId: 'd1', version: 1 },
    { deviceId: 'd1', properties: { desired: {}, reported: {} } },
    { deviceId: 'd1', version: 1, properties: { desired: {}, reported: 'none' } },
  ])('is not %j', (json) => {
    expect(parseTwin(json)).toBeUndefined();
  });

  it('without most of what the hub sends is read as far as it goes', () => {
    const properties = { desired: {}, reported: {} };
    expect(parseTwin({ deviceId: 'd1', version: 3, tags: null, properties })).toEqual({
      deviceId: 'd1',
      moduleId: undefined,
      statusReason: null,
      statusUpdatedTime: null,
      authenticationType: 'SAS',
      thumbprints: { primary: null, secondary: null },
      iotEdge: false,
      modelId: null,
      cloudToDeviceMessageCount: 0,
      etag: '',
      deviceEtag: '',
      version: 3,
      status: 'enabled',
      connectionState: 'Disconnected',
      lastActivityTime: null,
      tags: {},
      desired: { values: {}, metadata: {}, version: 0 },
      reported: { values: {}, metadata: {}, version: 0 },
    });
  });

  it("keeps a device's own keys, however they are named", () => {
    const tags: unknown = JSON.parse('{"__proto__":{"a":1},"constructor":2}');
    const json = { ...twinJson(), tags };

    expect(JSON.stringify(parseTwin(json)?.tags)).toBe('{"__proto__":{"a":1},"constructor":2}');
    expect(Object.getPrototypeOf(parseTwin(json)?.tags)).toBe(Object.prototype);
  });
});

describe('a property', () => {
  const stamp = (at: string) => ({ $lastUpdated: `2026-03-09T07:00:${at}Z` });

  it('is its value, and when the hub saw it change', () => {
    const { reported } = makeTwin({ report: { value: 'x', at: '2026-03-09T07:00:00.0000001Z' } });

    expect(propertyState(reported, evidencePath)).toEqual({
      value: 'x',
      lastUpdated: 17_730_396_000_000_001n,
    });
  });

  it('that is an object changed when anything inside it last did', () => {
    const twin = parseTwin({
      deviceId: 'd1',
      version: 1,
      properties: {
        desired: {},
        reported: {
          reboot: { date: 'a', time: { h: 1 } },
          $metadata: {
            ...stamp('09'),
            reboot: { ...stamp('01'), date: stamp('03'), time: { ...stamp('02'), h: stamp('04') } },
          },
        },
      },
    });

    expect(twin && propertyState(twin.reported, ['reboot']).lastUpdated).toBe(
      17_730_396_040_000_000n,
    );
  });

  it.each([
    [['nothing']],
    [['iothubDM', 'nothing']],
    [[...evidencePath, 'deeper']],
    [['constructor']],
    [['__proto__', 'constructor']],
    [['toString', 'length']],
  ])('at %j is not there', (path) => {
    const { reported } = makeTwin();

    expect(propertyState(reported, path)).toEqual({ value: undefined, lastUpdated: undefined });
  });

  it('whose metadata is missing has no time', () => {
    const json = twinJson() as {
      properties: { desired: object; reported: Record<string, unknown> };
    };
    const { $metadata: _, ...bare } = json.properties.reported;
    const twin = parseTwin({ ...json, properties: { ...json.properties, reported: bare } });

    expect(twin && propertyState(twin.reported, evidencePath)).toEqual({
      value: 'before',
      lastUpdated: undefined,
    });
  });
});
