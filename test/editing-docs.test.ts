import { readFileSync } from 'node:fs';
import { parse } from 'graphql';
import { expect, test } from 'vitest';
import { permissions } from '../src/services/access.js';
import type { RequestErrorCode } from '../src/services/errors.js';
import { startWorld } from './support/gateway.js';
import { blocksOf } from './support/pages.js';

const page = 'docs/editing-devices.md';

test('every operation of docs/editing-devices.md does what it says, in order', async () => {
  await using world = await startWorld();
  const data: unknown[] = [];
  for (const text of blocksOf(page, 'graphql')) {
    data.push(await world.gateway.data(parse(text), {}));
  }

  const connectionString = expect.stringMatching(/^HostName=localhost;DeviceId=pump-9;/);
  expect(data).toMatchObject([
    {
      createDevice: {
        device: { status: 'ENABLED', tags: { site: 'oslo' } },
        accessKeys: { primary: { connectionString }, secondary: { connectionString } },
      },
    },
    {
      updateTwin: {
        changes: [
          { path: 'site', before: 'oslo', after: 'bergen' },
          { path: 'place.floor', before: 1, after: null },
          { path: 'interval', before: 60, after: 30 },
        ],
      },
    },
    { updateTwin: { changes: [{ path: 'modes', before: null, after: ['eco'] }] } },
    { disableDevice: { device: { status: 'DISABLED', statusReason: 'recalled' } } },
    { enableDevice: { device: { status: 'ENABLED' } } },
    { rotateKeys: { accessKeys: { secondary: { key: expect.any(String) } } } },
    { createModule: { module: { moduleId: 'camera' } } },
    { updateTwin: { module: { desired: { fps: 25 } } } },
    { device: { modules: [{ moduleId: 'camera', desired: { fps: 25 }, source: 'POINT_READ' }] } },
    { deleteModule: { moduleId: 'camera' } },
    {
      createDevices: {
        succeeded: 2,
        failed: 1,
        results: [
          { failure: null },
          { failure: null },
          { deviceId: 'pump-9', failure: { code: 'ALREADY_EXISTS' } },
        ],
      },
    },
    { disableDevices: { succeeded: 2, results: [{ device: { status: 'DISABLED' } }, {}] } },
    { enableDevices: { succeeded: 2 } },
    { deleteDevices: { succeeded: 2, failed: 0 } },
    { deleteDevice: { deviceId: 'pump-9' } },
  ]);
  expect(data).toHaveLength(15);
});

test('docs/editing-devices.md names every code that an edit fails with, and every permission', () => {
  const codes = [
    'BAD_USER_INPUT',
    'FORBIDDEN',
    'DEVICE_NOT_FOUND',
    'MODULE_NOT_FOUND',
    'ALREADY_EXISTS',
    'ETAG_MISMATCH',
    'DEVICE_DISABLED',
    'NO_KEYS',
    'LIMIT_REACHED',
    'HUB_THROTTLED',
    'HUB_UNAUTHORIZED',
    'HUB_UNAVAILABLE',
    'OUTCOME_UNKNOWN',
  ] as const satisfies readonly RequestErrorCode[];
  const [, table = ''] = readFileSync(page, 'utf8').split('## What may go wrong');

  const named = [...table.matchAll(/`([A-Z_]+)`/g)].map(([, code]) => code);
  expect(named).toEqual([...codes]);
  const edits = permissions.filter((name) => /^(twin|device|key|module):/.test(name));
  for (const permission of edits.filter(
    (name) => !/^device:(read|reboot|update|wipe)$/.test(name),
  )) {
    expect(table).toContain(`\`${permission}\``);
  }
});
