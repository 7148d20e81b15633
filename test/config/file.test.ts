import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { emptyFile, parseConfigFile } from '../../src/config/file.js';
import { ConfigError, loadConfig } from '../../src/config.js';
import { builtInRoles } from '../../src/services/callers/roles.js';
import { createTemporaryFolder, type TemporaryFolder } from '../support/temporary-folder.js';

let folder: TemporaryFolder;
beforeAll(async () => {
  folder = await createTemporaryFolder();
});
afterAll(() => folder[Symbol.asyncDispose]());

function problemsOf(environment: Readonly<Record<string, string>>): readonly string[] {
  try {
    loadConfig(environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split('\n');
    throw error;
  }
  throw new TypeError('the environment was accepted');
}

function fileWith(text: string, name = 'twinql.yaml'): string {
  const file = join(folder.path, name);
  writeFileSync(file, text);
  return file;
}

const minimal = `
profiles:
  - name: lamp
    action: identify
    command: { kind: METHOD, name: blink }
`;

describe('the configuration file', () => {
  it('adds profiles before those built in, with what was left out filled in', () => {
    const { profiles } = loadConfig({ CONFIG_FILE: fileWith(minimal) });

    expect(profiles[0]).toEqual({
      name: 'lamp',
      action: 'identify',
      disturbing: true,
      needsConfirmation: false,
      command: {
        kind: 'METHOD',
        name: 'blink',
        responseTimeoutSeconds: 30,
        connectTimeoutSeconds: 0,
      },
      deadlineSeconds: 300,
    });
    expect(profiles.map(({ name }) => name)).toContain('python');
  });

  it('may be JSON', () => {
    const profiles = [
      { name: 'power', action: 'setPower', command: { kind: 'DESIRED', path: 'power.mode' } },
    ];
    const config = loadConfig({
      CONFIG_FILE: fileWith(JSON.stringify({ profiles }), 'twinql.json'),
    });

    expect(config.profiles[0]).toMatchObject({ command: { path: ['power', 'mode'] } });
  });

  it.each(['', '# nothing yet', 'profiles: []', '{}'])('may say nothing: %j', (text) => {
    expect(parseConfigFile(text)).toEqual(emptyFile);
  });

  it('lends its names to DEFAULT_PROFILE', () => {
    const CONFIG_FILE = fileWith(minimal);

    expect(loadConfig({ CONFIG_FILE, DEFAULT_PROFILE: 'lamp' }).defaultProfile).toBe('lamp');
    expect(problemsOf({ CONFIG_FILE, DEFAULT_PROFILE: 'lam' })).toEqual([
      'DEFAULT_PROFILE: expected one of node, python, java, desired, lamp',
    ]);
  });

  it('tells every problem at once, with its line, beside those of the environment', () => {
    const CONFIG_FILE = fileWith(`profiles:
  - name: 1st
    action: reboot
    command: { kind: METHOD, name: restart, responseTimeoutSeconds: 2 }
    evidense: { path: rebootTime }
  - action: setPower
    name: power
    command:
      kind: DESIRE
  - name: wifi
    action: join
    command: { kind: DESIRED, path: network..wifi }
    evidence:
      path: network
      success:
        - path: network.ssid
    deadlineSeconds: soon
users: []
`);

    expect(problemsOf({ CONFIG_FILE, PORT: 'x' })).toEqual([
      'PORT: expected a port, 0 to 65535',
      `CONFIG_FILE: ${CONFIG_FILE}:2: profiles[0].name: expected a letter, then at most 63 letters, digits, - and _`,
      `CONFIG_FILE: ${CONFIG_FILE}:4: profiles[0].command.responseTimeoutSeconds: expected whole seconds, 5 to 300`,
      `CONFIG_FILE: ${CONFIG_FILE}:5: profiles[0].evidense: there is no such key`,
      `CONFIG_FILE: ${CONFIG_FILE}:9: profiles[1].command.kind: expected an object whose kind is METHOD or DESIRED`,
      `CONFIG_FILE: ${CONFIG_FILE}:12: profiles[2].command.path: expected keys joined by dots, such as iothubDM.reboot.lastReboot, at most 10`,
      `CONFIG_FILE: ${CONFIG_FILE}:16: profiles[2].evidence.success[0]: expected at least one of eq, ne, in, exists, eqPayload`,
      `CONFIG_FILE: ${CONFIG_FILE}:17: profiles[2].deadlineSeconds: expected whole seconds, 1 to 604800`,
      `CONFIG_FILE: ${CONFIG_FILE}:18: users: there is no such key`,
    ]);
  });

  const profile = (lines: string, head = 'name: a\n    action: b') =>
    `profiles:\n  - ${head}\n    ${lines.split('\n').join('\n    ')}\n`;
  const command = 'command: { kind: METHOD, name: m }';

  it.each([
    ['no list', 'profiles: 1', '1: profiles: expected array'],
    ['a list', '- a', '1: expected object'],
    [
      'two of one name',
      `${minimal}${minimal.replace('\nprofiles:\n', '')}`,
      "6: profiles[1].name: there is a profile 'lamp' for identify already",
    ],
    [
      'one of a built-in name',
      profile(command, 'name: node\n    action: reboot'),
      "2: profiles[0].name: there is a profile 'node' for reboot already",
    ],
    [
      'a reserved action',
      profile(command, 'name: a\n    action: invokeMethod'),
      '3: profiles[0].action: this name is taken by an operation that needs no profile',
    ],
    [
      'no command',
      profile('disturbing: false'),
      '2: profiles[0].command: expected an object whose kind is METHOD or DESIRED',
    ],
    [
      'a command without a name',
      profile('command: { kind: METHOD }'),
      '4: profiles[0].command.name: it is missing',
    ],
    [
      'a reset that needs no confirmation',
      profile(command, 'name: a\n    action: factoryReset'),
      '2: profiles[0].needsConfirmation: some profiles of factoryReset need confirmation and some do not',
    ],
    [
      'a schema with a keyword that is none',
      profile(`${command}\npayload: { typ: object }`),
      '5: profiles[0].payload: no valid JSON Schema: strict mode: unknown keyword: "typ"',
    ],
    [
      'a schema that is none',
      profile(`${command}\npayload: object`),
      '5: profiles[0].payload: expected a JSON Schema, an object',
    ],
    [
      'a default that its schema refuses',
      profile(
        'command: { kind: METHOD, name: m, defaultPayload: { n: x } }\npayload: { type: object, properties: { n: { type: number } } }',
      ),
      '4: profiles[0].command.defaultPayload: payload.n must be number',
    ],
    [
      'a module whose id no hub allows',
      profile('command: { kind: DESIRED, path: p, moduleId: no/module }'),
      "4: profiles[0].command.moduleId: expected a module id of 1 to 128 letters, digits and - . + % _ # * ? ! ( ) , : = @ $ '",
    ],
    [
      'a connect timeout that is too long',
      profile('command: { kind: METHOD, name: m, connectTimeoutSeconds: 40 }'),
      '4: profiles[0].command.connectTimeoutSeconds: it is longer than responseTimeoutSeconds',
    ],
    [
      'evidence that two could share',
      profile(`${command}\ndisturbing: false\nevidence: { path: p }`),
      '5: profiles[0].disturbing: two at once could not be told apart by their evidence; leave it true, or have the device repeat the id (operationIdKey, operationIdPath)',
    ],
    [
      'an echo of what was not told',
      profile(`${command}\nevidence: { path: p, operationIdPath: q }`),
      '5: profiles[0].evidence.operationIdPath: without command.operationIdKey no device knows the id',
    ],
    [
      'a proof that is not to be reported',
      profile(`${command}\nevidence: { path: p, proof: ACKNOWLEDGED }`),
      '5: profiles[0].evidence.proof: expected ANNOUNCED or REPORTED_AFTER',
    ],
    [
      'an alias to nothing',
      'profiles: *them',
      '1: Unresolved alias (the anchor must be set before the alias): them',
    ],
  ])('refuses %s', (_what, text, problem) => {
    expect(parseConfigFile(text).problems).toEqual([problem]);
  });

  it('names the line at which it is no YAML', () => {
    const { problems } = parseConfigFile('profiles:\n  - name: a\n    name: b\n');

    expect(problems).toEqual(['3: Map keys must be unique']);
  });

  it('never repeats a value', () => {
    const secret = 'SharedAccessKey=verysecret';
    const text = `profiles:\n  - name: "${secret}"\n    action: "${secret}"\n    command: "${secret}"\n    payload: "${secret}"\n    deadlineSeconds: "${secret}"\n`;
    const { problems } = parseConfigFile(text);

    expect(problems).toHaveLength(5);
    expect(problems.join()).not.toContain('verysecret');
  });

  it('says why it cannot be read, without the name, which may be a secret in the wrong variable', () => {
    const missing = join(folder.path, 'verysecret');
    mkdirSync(join(folder.path, 'directory'));

    expect(problemsOf({ CONFIG_FILE: missing })).toEqual([
      'CONFIG_FILE: it cannot be read: ENOENT: no such file or directory',
    ]);
    expect(problemsOf({ CONFIG_FILE: join(folder.path, 'directory') })).toEqual([
      'CONFIG_FILE: it cannot be read: EISDIR: illegal operation on a directory',
    ]);
  });
});

describe('the hubs of the configuration file', () => {
  const key = Buffer.from('a key that must never be seen').toString('base64');
  const north = `HostName=north.azure-devices.net;SharedAccessKeyName=s;SharedAccessKey=${key}`;

  it('are served in place of the one of the environment, with its tier where they name none', () => {
    const CONFIG_FILE = fileWith(`
hubs:
  - { connectionStringEnv: NORTH, tier: S2, units: 3 }
  - { hostname: south.azure-devices.net, share: 0.5 }
`);
    const { hubs, emulator } = loadConfig({ CONFIG_FILE, NORTH: north, HUB_TIER: 'S3' });

    expect(hubs).toMatchObject([
      {
        place: 'CONFIG_FILE: hubs[0]',
        access: { connectionString: north },
        tier: 'S2',
        units: 3,
        share: 0.8,
      },
      { access: { hostname: 'south.azure-devices.net' }, tier: 'S3', units: 1, share: 0.5 },
    ]);
    expect(emulator).toBeUndefined();
  });

  it.each([
    ['- {}', '2: hubs[0]: expected one of connectionString, connectionStringEnv, hostname'],
    [
      '- { hostname: a, connectionStringEnv: NORTH }',
      '2: hubs[0]: expected one of connectionString, connectionStringEnv, hostname',
    ],
    [
      '- { connectionStringEnv: WEST }',
      '2: hubs[0].connectionStringEnv: the environment has no such variable',
    ],
    [
      `- { connectionString: "HostName=a;SharedAccessKey=${key}" }`,
      '2: hubs[0].connectionString: it lacks SharedAccessKeyName; expected HostName=…;SharedAccessKeyName=…;SharedAccessKey=… of a shared access policy of the hub',
    ],
    [
      `- { hostname: "${key}/" }`,
      '2: hubs[0].hostname: expected a host name such as pumps.azure-devices.net',
    ],
    [
      '- { hostname: a, tier: B1 }',
      '2: hubs[0].tier: expected one of F1, S1, S2, S3; basic tiers have no twins',
    ],
    ['- { hostname: a, units: 0 }', '2: hubs[0].units: expected a number of units, 1 to 200'],
    ['- { hostname: a, share: 2 }', '2: hubs[0].share: expected a share above 0, at most 1'],
    [
      '- { hostname: a, caFile: none.pem }',
      '2: hubs[0].caFile: it cannot be read: ENOENT: no such file or directory',
    ],
    [
      '- { hostname: north.azure-devices.net }\n - { connectionStringEnv: NORTH }',
      "3: hubs[1]: it has the name of hubs[0], 'north'; names must differ",
    ],
  ])('such as %s are told of by their line, without a secret', (text, problem) => {
    const { problems } = parseConfigFile(`hubs:\n ${text}`, { NORTH: north });

    expect(problems).toEqual([problem]);
    expect(problems.join()).not.toContain(key);
  });

  it('are not to be mixed with the one of the environment, nor that named twice', () => {
    const CONFIG_FILE = fileWith('hubs: [{ hostname: south.azure-devices.net }]');
    const both = 'the configuration file names hubs; name this one there, too, and leave this out';

    expect(problemsOf({ CONFIG_FILE, IOTHUB_CONNECTION_STRING: north })).toEqual([
      `IOTHUB_CONNECTION_STRING: ${both}`,
    ]);
    expect(problemsOf({ IOTHUB_HOSTNAME: 'a', IOTHUB_CONNECTION_STRING: north })).toEqual([
      'IOTHUB_HOSTNAME: it names the hub a second time; leave out this or IOTHUB_CONNECTION_STRING',
    ]);
  });

  it('are enough for production, as is one by Entra ID', () => {
    const CONFIG_FILE = fileWith('hubs: [{ hostname: south.azure-devices.net }]');
    const NODE_ENV = 'production';

    expect(loadConfig({ CONFIG_FILE, NODE_ENV }).hubs).toHaveLength(1);
    expect(loadConfig({ IOTHUB_HOSTNAME: 'a.azure-devices.net', NODE_ENV }).hubs).toMatchObject([
      { place: 'IOTHUB_HOSTNAME', access: { hostname: 'a.azure-devices.net' } },
    ]);
  });
});

describe('the callers of the configuration file', () => {
  const { sha256, ...key } = {
    id: 'ci',
    sha256: 'a'.repeat(64),
    roles: ['viewer'],
    expiresAt: '2027-01-01T00:00:00Z',
  };
  const keyWith = (changes: object) =>
    JSON.stringify({ apiKeys: [{ ...key, sha256, ...changes }] });

  it('have roles of their own, which may extend those built in and be limited to some devices', () => {
    const { roles, problems } = parseConfigFile(`
roles:
  monitor: { permissions: ['metrics:read', 'hub:*'] }
  operator: { extends: operator, permissions: ['device:wipe'] }
  site:
    extends: operator
    scope: { tags: [{ path: site.name, in: [muc, { claim: sites }] }] }
  tenant:
    extends: site
    permissions: ['*:read']
    scope: { not: { tags: [{ path: tenant, ne: { claim: tenant } }] }, lastActivity: { gt: '2026-01-01T00:00:00+01:00' } }
`);

    expect(problems).toEqual([]);
    expect([...(roles['monitor']?.permissions ?? [])]).toEqual(['metrics:read', 'hub:read']);
    expect([...(roles['operator']?.permissions ?? [])]).toContain('device:wipe');
    expect([...(roles['operator']?.permissions ?? [])]).toContain('device:reboot');
    expect(roles['viewer']).toBe(builtInRoles.viewer);
    const site = { tags: [{ path: ['site', 'name'], in: ['muc', { claim: 'sites' }] }] };
    expect(roles['site']?.scope).toEqual(site);
    expect([...(roles['site']?.permissions ?? [])]).toContain('device:wipe');
    expect(roles['tenant']?.scope).toEqual({
      and: [
        site,
        {
          not: { tags: [{ path: ['tenant'], ne: { claim: 'tenant' } }] },
          lastActivity: { gt: new Date('2025-12-31T23:00:00Z') },
        },
      ],
    });
    expect([...(roles['tenant']?.permissions ?? [])]).toContain('key:read');
  });

  it('are let in by API keys, of which but the hash is known', () => {
    const { apiKeys, problems } = parseConfigFile(keyWith({}));

    expect(problems).toEqual([]);
    expect(apiKeys).toEqual([{ ...key, sha256, expiresAt: new Date(key.expiresAt) }]);
  });

  it('are told by the claims of their tokens', () => {
    const { claims } = parseConfigFile(`
claims:
  id: oid
  roles: [groups, realm_access.roles]
  mapping: { 5f2c1d: admin, fleet: [viewer, operator] }
`);

    expect(claims).toEqual({
      id: 'oid',
      roles: ['groups', 'realm_access.roles'],
      mapping: { '5f2c1d': ['admin'], fleet: ['viewer', 'operator'] },
    });
    expect(parseConfigFile('claims: { roles: groups }').claims).toEqual({
      id: 'sub',
      roles: ['groups'],
    });
  });

  const role = (text: string) => `roles:\n  site:\n    ${text}`;
  const scope = (text: string) => role(`permissions: ['*']\n    scope: ${text}`);
  const noPermission =
    'there is no such permission; expected one of docs/permissions.md, such as device:read, device:* or *';

  it.each([
    [role('{}'), '2: roles.site: expected permissions, or a role that it extends'],
    [role('permissions: [device:read:all]'), `3: roles.site.permissions[0]: ${noPermission}`],
    [role("permissions: ['fleet:*']"), `3: roles.site.permissions[0]: ${noPermission}`],
    [
      role('extends: boss'),
      '3: roles.site.extends: there is no such role; expected one of viewer, operator, admin, site',
    ],
    [
      'roles:\n  a: { extends: b }\n  b: { extends: c }\n  c: { extends: b }',
      '2: roles.a.extends: it extends itself, by way of others',
    ],
    [scope('{ site: muc }'), '4: roles.site.scope.site: there is no such key'],
    [
      scope('{ tags: [{ path: site }] }'),
      '4: roles.site.scope.tags[0]: expected a condition beside the path: eq, ne, lt, lte, gt, gte, in, nin or exists',
    ],
    [
      scope('{ tags: [{ path: site, eq: [muc] }] }'),
      '4: roles.site.scope.tags[0].eq: expected a string, a number, a boolean or { claim: name }',
    ],
    [
      scope('{ deviceId: {} }'),
      '4: roles.site.scope.deviceId: expected at least one of eq, in, startsWith',
    ],
    // A twin does not tell of modules.
    [scope('{ modules: {} }'), '4: roles.site.scope.modules: there is no such key'],
    [scope('{ or: [] }'), '4: roles.site.scope.or: expected at least one filter'],
    [
      scope(`${'{ not: '.repeat(11)}{}${' }'.repeat(11)}`),
      '4: roles.site.scope: the filter is nested deeper than 10 levels',
    ],
    [
      keyWith({ sha256: 'twinql_secret' }),
      '1: apiKeys[0].sha256: expected the hash that twinql create-api-key printed',
    ],
    [
      keyWith({ roles: ['boss'] }),
      '1: apiKeys[0].roles[0]: there is no such role; expected some of viewer, operator, admin',
    ],
    [
      keyWith({ expiresAt: 'never' }),
      '1: apiKeys[0].expiresAt: expected a time such as 2027-11-21T08:30:00Z',
    ],
    [
      JSON.stringify({
        apiKeys: [
          { ...key, sha256 },
          { ...key, id: 'other', sha256 },
        ],
      }),
      '1: apiKeys[1].sha256: it is that of apiKeys[0]; expected another',
    ],
    [
      `${scope('{ tags: [{ path: t, eq: { claim: t } }] }')}\napiKeys: [${JSON.stringify({ ...key, sha256, roles: ['site'] })}]`,
      '5: apiKeys[0].roles[0]: its scope depends on a claim, and API keys have no claims',
    ],
    [
      'claims: { mapping: { fleet: boss } }',
      '1: claims.mapping.fleet: there is no such role; expected some of viewer, operator, admin',
    ],
    ['claims: { roles: 1 }', '1: claims.roles: expected one, or a list'],
  ])('are refused by their line where they make no sense: %s', (text, problem) => {
    expect(parseConfigFile(text).problems.slice(0, 1)).toEqual([problem]);
  });
});
