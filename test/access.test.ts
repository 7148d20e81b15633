import {
  GraphQLObjectType,
  GraphQLSchema,
  GraphQLString,
  graphql,
  isObjectType,
  parse,
  subscribe,
} from 'graphql';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Context } from '../src/resolvers/context.js';
import { guardSchema } from '../src/resolvers/guard.js';
import { createSchema } from '../src/resolvers/index.js';
import { authorize, type Caller, localDeveloper, permissions } from '../src/services/access.js';
import type { Act } from '../src/services/audit.js';

/** Written by hand: what each door of the schema asks for. A new field belongs here, too. */
const doors = {
  'Query.device': 'device:read',
  'Query.devices': 'device:read',
  'Query.deviceCounts': 'device:read',
  'Query.propertyPaths': 'device:read',
  'Query.query': 'query:raw',
  'Query.operation': 'operation:read',
  'Query.operations': 'operation:read',
  'Query.hubs': 'hub:read',
  'Query.hubBudget': 'hub:read',
  'Query.module': 'device:read',
  'Query.audit': 'audit:read',
  'Mutation.rebootDevice': 'device:reboot',
  'Mutation.updateTwin': 'twin:update',
  'Mutation.createDevice': 'device:create',
  'Mutation.createDevices': 'device:create',
  'Mutation.deleteDevice': 'device:delete',
  'Mutation.deleteDevices': 'device:delete',
  'Mutation.enableDevice': 'device:enable',
  'Mutation.enableDevices': 'device:enable',
  'Mutation.disableDevice': 'device:enable',
  'Mutation.disableDevices': 'device:enable',
  'Mutation.rotateKeys': 'key:rotate',
  'Mutation.createModule': 'module:create',
  'Mutation.deleteModule': 'module:delete',
  'Query.actions': 'action:read',
  'Mutation.runAction': 'action:run',
  'Mutation.factoryResetDevice': 'device:wipe',
  'Mutation.updateFirmware': 'device:update',
  'Mutation.invokeMethod': 'method:invoke',
  'Mutation.sendMessage': 'message:send',
  'Mutation.repeatOperation': 'operation:repeat',
  'Mutation.cancelOperation': 'operation:cancel',
  'Subscription.device': 'device:read',
  'Subscription.operation': 'operation:read',
  'Subscription.operationEvents': 'operation:read',
  'Subscription.rebootStatus': 'device:read',
} as const;

const nobody: Caller = { id: 'nobody', grants: [] };

const origin = { requestId: 'a request', address: '127.0.0.1' };

/**
 * Services that must not be reached: every touch is a failure of the door. Only the audit is told
 * that somebody was refused; of what, stands in `refused`.
 */
function unreachable(caller: Caller, refused: string[] = []): Context {
  const audit = { refused: ({ permission }: Act) => refused.push(permission) };
  const reachable = { caller, origin, audit };
  return new Proxy({} as Context, {
    get(_target, key) {
      if (Object.hasOwn(reachable, key)) return reachable[key as keyof typeof reachable];
      throw new Error(`the door let ${String(key)} be reached`);
    },
  });
}

describe('the door', () => {
  let schema: GraphQLSchema;

  beforeAll(async () => {
    schema = await createSchema();
  });

  function rulesOf(type: GraphQLObjectType): [string, unknown][] {
    return Object.values(type.getFields()).map(({ name, extensions }) => [
      `${type.name}.${name}`,
      extensions['permission'] ?? type.extensions['permission'],
    ]);
  }

  test('has a rule for every field of every type', () => {
    const types = Object.values(schema.getTypeMap())
      .filter(isObjectType)
      .filter(({ name }) => !name.startsWith('__'));
    const rules = types.flatMap(rulesOf);

    expect(rules.length).toBeGreaterThan(60);
    const known: readonly unknown[] = [...permissions, 'inherited'];
    expect(rules.filter(([, rule]) => !known.includes(rule))).toEqual([]);
    // As open as the list it belongs to, whichever that is.
    const inherited = rules.filter(([, rule]) => rule === 'inherited').map(([field]) => field);
    expect([...inherited].sort()).toEqual([
      'HubFailure.code',
      'HubFailure.hub',
      'HubFailure.message',
      'PageInfo.endCursor',
      'PageInfo.hasNextPage',
    ]);
  });

  test('asks for what was written down, field by field', () => {
    const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
    const rules = roots.flatMap((type) => (type ? rulesOf(type) : []));

    expect(Object.fromEntries(rules)).toEqual(doors);
  });

  test('refuses a schema in which a field has no rule', () => {
    const fields = { open: { type: GraphQLString } };
    const unruled = new GraphQLSchema({ query: new GraphQLObjectType({ name: 'Query', fields }) });

    expect(() => guardSchema(unruled)).toThrow('fields without an access rule: Query.open');
  });

  test.each([
    ['Query.device', '{ device(id: "a") { id } }'],
    ['Query.devices', '{ devices { nodes { id } } }'],
    ['Query.deviceCounts', '{ deviceCounts { total } }'],
    ['Query.propertyPaths', '{ propertyPaths { sampled } }'],
    ['Query.query', '{ query(sql: "SELECT * FROM devices") { rows } }'],
    ['Query.operation', '{ operation(id: "a") { id } }'],
    ['Query.operations', '{ operations { nodes { id } } }'],
    ['Query.hubs', '{ hubs { name } }'],
    ['Query.hubBudget', '{ hubBudget { used } }'],
    ['Mutation.rebootDevice', 'mutation { rebootDevice(input: {deviceId: "a"}) { started } }'],
    ['Query.audit', '{ audit { nodes { sequence } } }'],
    ['Query.module', '{ module(deviceId: "a", moduleId: "m") { id } }'],
    [
      'Mutation.updateTwin',
      'mutation { updateTwin(input: {deviceId: "a", tags: {}}) { changes { path } } }',
    ],
    [
      'Mutation.createDevice',
      'mutation { createDevice(input: {deviceId: "a"}) { device { id } } }',
    ],
    ['Mutation.createDevices', 'mutation { createDevices(input: {devices: []}) { succeeded } }'],
    ['Mutation.deleteDevice', 'mutation { deleteDevice(input: {deviceId: "a"}) { hub } }'],
    ['Mutation.deleteDevices', 'mutation { deleteDevices(input: {devices: []}) { succeeded } }'],
    [
      'Mutation.enableDevice',
      'mutation { enableDevice(input: {deviceId: "a"}) { device { id } } }',
    ],
    ['Mutation.enableDevices', 'mutation { enableDevices(input: {deviceIds: []}) { succeeded } }'],
    [
      'Mutation.disableDevice',
      'mutation { disableDevice(input: {deviceId: "a", reason: "r"}) { device { id } } }',
    ],
    [
      'Mutation.disableDevices',
      'mutation { disableDevices(input: {deviceIds: [], reason: "r"}) { succeeded } }',
    ],
    [
      'Mutation.rotateKeys',
      'mutation { rotateKeys(input: {deviceId: "a", keys: BOTH}) { device { id } } }',
    ],
    [
      'Mutation.createModule',
      'mutation { createModule(input: {deviceId: "a", moduleId: "m"}) { module { id } } }',
    ],
    [
      'Mutation.deleteModule',
      'mutation { deleteModule(input: {deviceId: "a", moduleId: "m"}) { hub } }',
    ],
    ['Query.actions', '{ actions { name } }'],
    [
      'Mutation.runAction',
      'mutation { runAction(input: {deviceId: "a", action: "b"}) { started } }',
    ],
    [
      'Mutation.factoryResetDevice',
      'mutation { factoryResetDevice(input: {deviceId: "a", confirmation: "a"}) { started } }',
    ],
    ['Mutation.updateFirmware', 'mutation { updateFirmware(input: {deviceId: "a"}) { started } }'],
    [
      'Mutation.invokeMethod',
      'mutation { invokeMethod(input: {deviceId: "a", method: "m"}) { started } }',
    ],
    [
      'Mutation.sendMessage',
      'mutation { sendMessage(input: {deviceId: "a", body: {text: "x"}}) { started } }',
    ],
    ['Mutation.repeatOperation', 'mutation { repeatOperation(input: {id: "a"}) { started } }'],
    [
      'Mutation.cancelOperation',
      'mutation { cancelOperation(input: {id: "a", reason: "b"}) { canceled } }',
    ],
    ['Subscription.device', 'subscription { device(id: "a") { id } }'],
    ['Subscription.operation', 'subscription { operation(id: "a") { id } }'],
    ['Subscription.operationEvents', 'subscription { operationEvents(id: "a") { sequence } }'],
    ['Subscription.rebootStatus', 'subscription { rebootStatus(deviceId: "a") { phase } }'],
  ])(
    'keeps those without permission out of %s, before anything is asked',
    async (field, source) => {
      const rule = doors[field as keyof typeof doors];
      const others = permissions.filter((permission) => permission !== rule);
      for (const caller of [nobody, { id: 'others', grants: [{ permissions: new Set(others) }] }]) {
        const refused: string[] = [];
        const contextValue = unreachable(caller, refused);
        const result = field.startsWith('Subscription')
          ? await subscribe({ schema, document: parse(source), contextValue })
          : await graphql({ schema, source, contextValue });

        expect(result).toMatchObject({ errors: [{ originalError: { code: 'FORBIDDEN' } }] });
        expect(refused).toEqual([rule]);
      }
    },
  );

  test('lets nobody see operations through what a reboot gives, before it is done', async () => {
    const source = 'mutation { rebootDevice(input: {deviceId: "a"}) { operation { id } } }';
    const caller: Caller = {
      id: 'rebooter',
      grants: [{ permissions: new Set(['device:reboot']) }],
    };
    const result = await graphql({ schema, source, contextValue: unreachable(caller) });

    expect(result).toMatchObject({ errors: [{ originalError: { code: 'FORBIDDEN' } }] });
  });

  test('lets nobody see keys, of whatever they belong to, who may see all else', async () => {
    const all = permissions.filter((permission) => permission !== 'key:read');
    const caller: Caller = { id: 'operator', grants: [{ permissions: new Set(all) }] };
    const keys = 'accessKeys { primary { key connectionString } }';
    const root = { device: {}, module: {}, accessKeys: { primary: { key: 'a secret' } } };
    const contextValue = {
      caller,
      origin,
      audit: {
        refused: () => {},
        carryOut: (_act: Act, effect: () => Promise<unknown>) => effect(),
      },
      devices: { get: async () => root },
      modules: { get: async () => root, create: async () => root },
      bulk: {
        createOne: async () => root,
        create: async () => ({ results: [root] }),
      },
      identities: { rotateKeys: async () => root },
    } as unknown as Context;

    for (const source of [
      `{ device(id: "a") { ${keys} } }`,
      `{ module(deviceId: "a", moduleId: "m") { ${keys} } }`,
      `mutation { createDevice(input: {deviceId: "a"}) { ${keys} device { ${keys} } } }`,
      `mutation { createDevices(input: {devices: []}) { results { ${keys} } } }`,
      `mutation { createModule(input: {deviceId: "a", moduleId: "m"}) { ${keys} } }`,
      `mutation { rotateKeys(input: {deviceId: "a", keys: SWAP}) { ${keys} } }`,
    ]) {
      const result = await graphql({ schema, source, contextValue });

      expect(result.errors?.map(({ originalError }) => originalError)).toMatchObject(
        source.includes('device {') && source.includes('createDevice(')
          ? [{ code: 'FORBIDDEN' }, { code: 'FORBIDDEN' }]
          : [{ code: 'FORBIDDEN' }],
      );
      expect(JSON.stringify(result.data)).not.toContain('secret');
    }
  });

  test.each([
    ['Device', 'device:read'],
    ['Operation', 'operation:read'],
  ])(
    'keeps those without permission out of a %s that another subgraph refers to',
    async (type, rule) => {
      const subgraph = await createSchema({ subgraph: true });
      const source = `{ _entities(representations: [{ __typename: "${type}", id: "a" }]) { __typename } }`;
      const others = permissions.filter((permission) => permission !== rule);
      for (const caller of [nobody, { id: 'others', grants: [{ permissions: new Set(others) }] }]) {
        const result = await graphql({
          schema: subgraph,
          source,
          contextValue: unreachable(caller),
        });

        expect(result.data).toEqual({ _entities: [null] });
        expect(result.errors).toMatchObject([{ originalError: { code: 'FORBIDDEN' } }]);
      }
    },
  );

  test('denies what has no rule, even to those who may do everything', () => {
    expect(() => authorize(localDeveloper, undefined)).toThrow('it needs a rule');
  });
});
