import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { connectDevice, createDeviceClient } from './emulator/support/device.js';
import { rejectionOf } from './emulator/support/rejection.js';
import { createServiceSdk } from './emulator/support/service.js';
import { startWorld, type World } from './support/gateway.js';
import {
  CreateDeviceDocument,
  type CreateDeviceInput,
  DeleteDeviceDocument,
  DeviceDocument,
  DeviceKeysDocument,
  DevicesDocument,
  DisableDeviceDocument,
  EnableDeviceDocument,
  IdentityDocument,
  RotateKeysDocument,
} from './support/operations.js';

const keyPattern = /^[A-Za-z0-9+/]{43}=$/;
const keyOf = (text: string) => Buffer.from(text.padEnd(32, '.')).toString('base64');

describe('an identity', () => {
  let world: World;
  let ids = 0;

  beforeAll(async () => {
    world = await startWorld();
  });

  beforeEach(() => {
    world.emulator.faults.clear();
    world.emulator.calls.clear();
  });

  afterAll(() => world[Symbol.asyncDispose]());

  const newId = () => {
    ids += 1;
    return `id-${ids}`;
  };

  async function create(input: CreateDeviceInput) {
    const { createDevice } = await world.gateway.data(CreateDeviceDocument, { input });
    if (!createDevice) throw new TypeError('no payload');
    return createDevice;
  }

  async function identityAtHub(deviceId: string) {
    const { responseBody } = await createServiceSdk(world.emulator).registry.get(deviceId);
    return responseBody;
  }

  const connectionString = (fromGateway: string | undefined) =>
    `${fromGateway}`.replace('HostName=localhost', `HostName=localhost:${world.emulator.mqttPort}`);

  describe('that is created', () => {
    test('gets two random keys and a connection string that lets it connect', async () => {
      const deviceId = newId();
      const { device, accessKeys } = await create({ deviceId });

      expect(device).toMatchObject({
        deviceId,
        status: 'ENABLED',
        statusReason: null,
        statusUpdatedAt: null,
        authenticationType: 'SAS',
        thumbprints: null,
        iotEdge: false,
        modelId: null,
        cloudToDeviceMessageCount: 0,
      });
      const { primary, secondary } = accessKeys ?? {};
      expect(primary?.key).toMatch(keyPattern);
      expect(secondary?.key).toMatch(keyPattern);
      expect(primary?.key).not.toBe(secondary?.key);
      expect(primary?.connectionString).toBe(
        `HostName=localhost;DeviceId=${deviceId};SharedAccessKey=${primary?.key}`,
      );
      for (const key of [primary, secondary]) {
        const text = connectionString(key?.connectionString);
        await using connected = await connectDevice(world.emulator, text);
        expect(connected.client).toBeDefined();
      }
    });

    test('begins with the twin, the status and the keys that it is given, in one request', async () => {
      const deviceId = newId();
      const symmetricKeys = { primaryKey: keyOf('mine'), secondaryKey: keyOf('also mine') };
      const { device, accessKeys } = await create({
        deviceId,
        authentication: { symmetricKeys },
        status: 'DISABLED',
        statusReason: 'in stock',
        iotEdge: true,
        tags: { site: 'münchen', none: null },
        desired: { interval: 60 },
      });

      expect(device).toMatchObject({
        status: 'DISABLED',
        statusReason: 'in stock',
        iotEdge: true,
        tags: { site: 'münchen' },
        desired: { interval: 60 },
      });
      expect(accessKeys?.primary.key).toBe(symmetricKeys.primaryKey);
      expect((await identityAtHub(deviceId)).authentication?.symmetricKey).toEqual(symmetricKeys);
      const operations = world.emulator.calls.list({}).map(({ operation }) => operation);
      expect(operations).toEqual(['device.bulk', 'twin.get', 'device.get']);
    });

    test('may prove itself by thumbprints or an authority, and then has no keys', async () => {
      const primary = 'AB'.repeat(20);
      const secondary = 'cd'.repeat(32);
      const byPrint = await create({
        deviceId: newId(),
        authentication: { thumbprints: { primary, secondary } },
      });
      const byAuthority = await create({
        deviceId: newId(),
        authentication: { certificateAuthority: true },
      });

      expect(byPrint.device).toMatchObject({
        authenticationType: 'SELF_SIGNED',
        thumbprints: { primary, secondary },
      });
      expect(byAuthority.device).toMatchObject({
        authenticationType: 'CERTIFICATE_AUTHORITY',
        thumbprints: null,
      });
      expect([byPrint.accessKeys, byAuthority.accessKeys]).toEqual([null, null]);
      const { device } = await world.gateway.data(DeviceKeysDocument, {
        id: byPrint.device.deviceId,
      });
      expect(device?.accessKeys).toBeNull();
    });

    test('may have any id that IoT Hub allows', async () => {
      const deviceId = "a?b#c%2F..'=+,:!(*)@$_";
      await create({ deviceId, tags: { odd: true } });

      const { device } = await world.gateway.data(DeviceDocument, { id: deviceId });

      expect(device).toMatchObject({ deviceId, tags: { odd: true } });
    });

    test('is refused where there is one of that id', async () => {
      const deviceId = newId();
      await create({ deviceId });
      const { data, errors } = await world.gateway.execute(CreateDeviceDocument, {
        input: { deviceId },
      });

      expect(data).toEqual({ createDevice: null });
      expect(errors).toMatchObject([{ extensions: { code: 'ALREADY_EXISTS' } }]);
    });

    test.each<[string, Partial<CreateDeviceInput>, string]>([
      ['an id with a space', { deviceId: 'a b' }, 'deviceId'],
      [
        'a short key',
        { authentication: { symmetricKeys: { primaryKey: 'c2hvcnQ=', secondaryKey: keyOf('b') } } },
        'authentication.symmetricKeys.primaryKey',
      ],
      [
        'a key that is not base64',
        { authentication: { symmetricKeys: { primaryKey: keyOf('a'), secondaryKey: 'se cret' } } },
        'authentication.symmetricKeys.secondaryKey',
      ],
      [
        'a thumbprint with colons',
        { authentication: { thumbprints: { primary: 'AB:CD' } } },
        'authentication.thumbprints.primary',
      ],
      [
        'a second thumbprint of another kind',
        { authentication: { thumbprints: { primary: 'ab'.repeat(20), secondary: 'ab' } } },
        'authentication.thumbprints.secondary',
      ],
      [
        'two ways to authenticate',
        { authentication: { certificateAuthority: true, thumbprints: { primary: 'ab' } } },
        'authentication',
      ],
      ['a long reason', { statusReason: 'x'.repeat(129) }, 'statusReason'],
      ['a twin that no hub holds', { tags: { a: { 'b.c': 1 } } }, 'tags.a'],
      ['a list for a twin', { desired: [] }, 'desired'],
    ])('is refused %s by its name, and the hub is not asked', async (_name, part, argument) => {
      const input = { deviceId: 'never', ...part };
      const { errors } = await world.gateway.execute(CreateDeviceDocument, { input });

      expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', argument } }]);
      expect(errors[0]?.message).not.toContain('se cret');
      expect(world.emulator.calls.count({})).toBe(0);
    });

    test('tells a missing right from a full hub, as the bare SDK does not', async () => {
      const { gateway, emulator } = world;
      const { registry } = createServiceSdk(emulator);
      const refuse = (status: number, code: string) =>
        emulator.faults.add({ operation: 'device.bulk', effect: { kind: 'status', status, code } });
      const codeOf = async () => {
        const { errors } = await gateway.execute(CreateDeviceDocument, {
          input: { deviceId: newId() },
        });
        return errors[0]?.extensions?.['code'];
      };

      refuse(403, 'Forbidden');
      expect(await codeOf()).toBe('HUB_UNAUTHORIZED');
      const bare = await rejectionOf(registry.addDevices([{ deviceId: newId() }]));
      expect(bare.name).toBe('TooManyDevicesError');

      emulator.faults.clear();
      refuse(413, 'TooManyDevices');
      expect(await codeOf()).toBe('LIMIT_REACHED');
      const full = await rejectionOf(registry.addDevices([{ deviceId: newId() }]));
      expect(full.name).toBe('Error');
    });
  });

  test('tells the model that it says it is of', async () => {
    const { gateway, emulator } = world;
    const deviceId = newId();
    const { accessKeys } = await create({ deviceId });
    const text = connectionString(accessKeys?.primary.connectionString);
    const client = await createDeviceClient(emulator, text);
    await client.setOptions({ ca: emulator.ca, modelId: 'dtmi:com:example:Pump;1' });
    await client.open();
    const { device } = await gateway.data(IdentityDocument, { id: deviceId });
    client.removeAllListeners();
    await client.close();

    expect(device?.modelId).toBe('dtmi:com:example:Pump;1');
  });

  describe('that is disabled', () => {
    test('loses its connection, says why, and keeps its keys; enabled, it connects again', async () => {
      const { gateway, emulator } = world;
      const deviceId = newId();
      const { accessKeys } = await create({ deviceId });
      const text = connectionString(accessKeys?.primary.connectionString);
      await using first = await connectDevice(emulator, text);
      const dropped = new Promise<void>((resolve) => {
        first.client.on('disconnect', () => resolve());
      });

      const disabled = await gateway.data(DisableDeviceDocument, {
        input: { deviceId, reason: 'stolen' },
      });
      await dropped;

      expect(disabled.disableDevice?.device).toMatchObject({
        status: 'DISABLED',
        statusReason: 'stolen',
        statusUpdatedAt: expect.stringMatching(/^20/),
      });
      await rejectionOf(connectDevice(emulator, text));
      const enabled = await gateway.data(EnableDeviceDocument, { input: { deviceId } });
      expect(enabled.enableDevice?.device).toMatchObject({ status: 'ENABLED', statusReason: null });
      const { device } = await gateway.data(DeviceKeysDocument, { id: deviceId });
      expect(device?.accessKeys).toEqual(accessKeys);
      await using again = await connectDevice(emulator, text);
      expect(again.client).toBeDefined();
    });

    test('is disabled in what is asked for next, fresh or not, also in lists that lag', async () => {
      const { gateway } = world;
      const deviceId = newId();
      await create({ deviceId });
      await gateway.data(IdentityDocument, { id: deviceId });

      await gateway.data(DisableDeviceDocument, { input: { deviceId, reason: 'r' } });

      const { device } = await gateway.data(DeviceDocument, { id: deviceId, consistency: 'FAST' });
      const { devices } = await gateway.data(DevicesDocument, {
        where: { deviceId: { eq: deviceId } },
      });
      expect(device?.status).toBe('DISABLED');
      expect(devices.nodes[0]?.status).toBe('DISABLED');
    });

    test('in the same way again is not written again', async () => {
      const { gateway, emulator } = world;
      const deviceId = newId();
      await create({ deviceId });
      const input = { deviceId, reason: 'spare' };
      await gateway.data(DisableDeviceDocument, { input });
      await gateway.data(DisableDeviceDocument, { input });

      expect(emulator.calls.count({ operation: 'device.update', deviceId })).toBe(1);
    });

    test('under another ETag is refused with the current one, as the bare SDK would not', async () => {
      const { gateway, emulator } = world;
      const deviceId = newId();
      const { device } = await create({ deviceId });
      const ifMatch = device.identityEtag;
      await gateway.data(DisableDeviceDocument, { input: { deviceId, reason: 'a', ifMatch } });
      const { errors } = await gateway.execute(EnableDeviceDocument, {
        input: { deviceId, ifMatch },
      });

      const { etag } = await identityAtHub(deviceId);
      expect(errors).toMatchObject([
        { extensions: { code: 'ETAG_MISMATCH', argument: 'ifMatch', currentEtag: etag } },
      ]);
      const { registry } = createServiceSdk(emulator);
      await registry.update({ deviceId, etag: ifMatch, status: 'enabled' });
      expect((await identityAtHub(deviceId)).status).toBe('enabled');
    });

    test('while somebody else changes it is read and written anew', async () => {
      const { gateway, emulator } = world;
      const deviceId = newId();
      await create({ deviceId });
      emulator.faults.add({
        operation: 'device.update',
        deviceId,
        times: 1,
        effect: { kind: 'status', status: 412, code: 'PreconditionFailed' },
      });

      const { disableDevice } = await gateway.data(DisableDeviceDocument, {
        input: { deviceId, reason: 'r' },
      });

      expect(disableDevice?.device.status).toBe('DISABLED');
    });

    test('needs a reason of 1 to 128 characters', async () => {
      for (const reason of ['', 'x'.repeat(129)]) {
        const { errors } = await world.gateway.execute(DisableDeviceDocument, {
          input: { deviceId: 'a', reason },
        });
        expect(errors).toMatchObject([
          { extensions: { code: 'BAD_USER_INPUT', argument: 'reason' } },
        ]);
      }
    });
  });

  describe('that gets other keys', () => {
    test.each<['PRIMARY' | 'SECONDARY' | 'BOTH' | 'SWAP', string, string]>([
      ['PRIMARY', 'new', 'b'],
      ['SECONDARY', 'a', 'new'],
      ['BOTH', 'new', 'new'],
      ['SWAP', 'b', 'a'],
    ])('by %s has primary %s and secondary %s', async (keys, first, second) => {
      const deviceId = newId();
      const known = { a: keyOf('a'), b: keyOf('b') };
      const symmetricKeys = { primaryKey: known.a, secondaryKey: known.b };
      await create({ deviceId, authentication: { symmetricKeys }, tags: { stays: 1 } });

      const { rotateKeys } = await world.gateway.data(RotateKeysDocument, {
        input: { deviceId, keys },
      });

      const name = (key: string | undefined) =>
        Object.entries(known).find(([, value]) => value === key)?.[0] ?? 'new';
      const { primary, secondary } = rotateKeys?.accessKeys ?? {};
      expect([name(primary?.key), name(secondary?.key)]).toEqual([first, second]);
      expect(primary?.key).not.toBe(secondary?.key);
      expect(primary?.key).toMatch(keyPattern);
      const { authentication, etag } = await identityAtHub(deviceId);
      expect(authentication?.symmetricKey).toEqual({
        primaryKey: primary?.key,
        secondaryKey: secondary?.key,
      });
      expect(rotateKeys?.device.identityEtag).toBe(etag);
      expect(rotateKeys?.module).toBeNull();
    });

    test('is left as it is where it has none', async () => {
      const deviceId = newId();
      await create({ deviceId, authentication: { certificateAuthority: true } });
      const { errors } = await world.gateway.execute(RotateKeysDocument, {
        input: { deviceId, keys: 'BOTH' },
      });

      expect(errors).toMatchObject([{ extensions: { code: 'NO_KEYS' } }]);
      expect(world.emulator.calls.count({ operation: 'device.update' })).toBe(0);
    });
  });

  describe('that is deleted', () => {
    test('is gone, and a new one of its name is another', async () => {
      const { gateway } = world;
      const deviceId = newId();
      await create({ deviceId, tags: { generation: 1 } });
      const { deleteDevice } = await gateway.data(DeleteDeviceDocument, { input: { deviceId } });

      expect(deleteDevice).toEqual({ hub: 'localhost', deviceId });
      const fast = { id: deviceId, consistency: 'FAST' } as const;
      expect(await gateway.data(DeviceDocument, fast)).toEqual({ device: null });
      await create({ deviceId });
      const { device } = await gateway.data(DeviceDocument, fast);
      expect(device?.tags).toEqual({});
    });

    test('under another ETag stays, as the bare SDK would not leave it', async () => {
      const { gateway, emulator } = world;
      const deviceId = newId();
      const { device } = await create({ deviceId });
      const ifMatch = device.identityEtag;
      await gateway.data(DisableDeviceDocument, { input: { deviceId, reason: 'r' } });
      const { errors } = await gateway.execute(DeleteDeviceDocument, {
        input: { deviceId, ifMatch },
      });

      const { etag } = await identityAtHub(deviceId);
      expect(errors).toMatchObject([{ extensions: { code: 'ETAG_MISMATCH', currentEtag: etag } }]);
      await gateway.data(DeleteDeviceDocument, { input: { deviceId, ifMatch: etag ?? '' } });
      expect(emulator.calls.count({ operation: 'device.delete', deviceId })).toBe(2);
      await vi.waitFor(async () => {
        expect((await rejectionOf(identityAtHub(deviceId))).name).toBe('DeviceNotFoundError');
      });
    });

    test('was not there in the first place: that is said', async () => {
      const { errors } = await world.gateway.execute(DeleteDeviceDocument, {
        input: { deviceId: 'nobody' },
      });
      expect(errors).toMatchObject([{ extensions: { code: 'DEVICE_NOT_FOUND' } }]);
    });
  });
});
