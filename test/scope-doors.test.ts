import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { type GraphQLSchema, parse } from 'graphql';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createSchema } from '../src/resolvers/index.js';
import { type Caller, localDeveloper } from '../src/services/access.js';
import { InvokeMethodDocument, WatchOperationDocument } from './support/operations.js';
import { operatorOf, startTenants, type Tenants } from './support/tenants.js';

/** Whom a question is about: a device, and an operation on it. */
interface Target {
  readonly deviceId: string;
  readonly operationId: string;
}

interface Door {
  readonly ask: (target: Target) => string;
  /** What comes back when the target is another tenant's. A string is the code of an error. */
  readonly gets: object | string;
  /** What belongs to no device is for nobody whose grants are limited. */
  readonly beyondDevices?: true;
}

const where = ({ deviceId }: Target) => `where: {deviceId: {eq: "${deviceId}"}}`;
const device = ({ deviceId }: Target) => `deviceId: "${deviceId}"`;
const started = '{ started operation { id status } }';
const results = '{ succeeded results { device { tags } failure { code message } } }';
const notFound = 'DEVICE_NOT_FOUND: the hub knows no such device';
const noStream = "DEVICE_NOT_FOUND: device '<device>' does not exist";
const noOperation = "OPERATION_NOT_FOUND: id: there is no operation '<operation>'";
const needs = (permission: string) => `FORBIDDEN: you may not do this: it needs ${permission}`;
const allFailed = (field: string) => ({
  [field]: {
    succeeded: 0,
    results: [
      {
        device: null,
        failure: { code: 'DEVICE_NOT_FOUND', message: 'the hub knows no such device' },
      },
    ],
  },
});

/** Written by hand: how to ask each door for a device. A new field belongs here, too. */
const doors: Readonly<Record<string, Door>> = {
  'Query.device': {
    ask: ({ deviceId }) => `{ device(id: "${deviceId}") { tags operation { id } } }`,
    gets: { device: null },
  },
  'Query.devices': {
    ask: (target) => `{ devices(${where(target)}) { nodes { tags } pageInfo { hasNextPage } } }`,
    gets: { devices: { nodes: [], pageInfo: { hasNextPage: false } } },
  },
  'Query.deviceCounts': {
    ask: (target) =>
      `{ deviceCounts(${where(target)}, groupBy: {by: STATUS}) { total groups { count } } }`,
    gets: { deviceCounts: { total: 0, groups: [] } },
  },
  'Query.propertyPaths': {
    ask: (target) => `{ propertyPaths(${where(target)}) { sampled paths { path example } } }`,
    gets: { propertyPaths: { sampled: 0, paths: [] } },
  },
  'Query.query': {
    ask: ({ deviceId }) =>
      `{ query(sql: "SELECT * FROM devices WHERE deviceId = '${deviceId}'") { rows } }`,
    gets: needs('query:raw'),
    beyondDevices: true,
  },
  'Query.operation': {
    ask: ({ operationId }) => `{ operation(id: "${operationId}") { id device { tags } } }`,
    gets: { operation: null },
  },
  'Query.operations': {
    ask: (target) =>
      `{ operations(where: {${device(target)}}) { nodes { id } pageInfo { endCursor } } }`,
    gets: { operations: { nodes: [], pageInfo: { endCursor: null } } },
  },
  'Query.hubs': { ask: () => '{ hubs { name } }', gets: needs('hub:read'), beyondDevices: true },
  'Query.hubBudget': {
    ask: () => '{ hubBudget { used } }',
    gets: needs('hub:read'),
    beyondDevices: true,
  },
  'Query.audit': {
    ask: () => '{ audit { nodes { action } } }',
    gets: needs('audit:read'),
    beyondDevices: true,
  },
  'Query.actions': {
    ask: () => '{ actions { name } }',
    gets: needs('action:read'),
    beyondDevices: true,
  },
  'Query.module': {
    ask: (target) => `{ module(${device(target)}, moduleId: "m") { tags } }`,
    gets: { module: null },
  },
  'Mutation.rebootDevice': {
    ask: (target) => `mutation { rebootDevice(input: {${device(target)}}) ${started} }`,
    gets: notFound,
  },
  'Mutation.runAction': {
    ask: (target) =>
      `mutation { runAction(input: {${device(target)}, action: "reboot"}) ${started} }`,
    gets: notFound,
  },
  'Mutation.factoryResetDevice': {
    ask: (target) =>
      `mutation { factoryResetDevice(input: {${device(target)}, confirmation: "${target.deviceId}"}) ${started} }`,
    gets: notFound,
  },
  'Mutation.updateFirmware': {
    ask: (target) =>
      `mutation { updateFirmware(input: {${device(target)}, profile: "node", payload: {fwPackageUri: "https://example.test/1"}}) ${started} }`,
    gets: notFound,
  },
  'Mutation.invokeMethod': {
    ask: (target) =>
      `mutation { invokeMethod(input: {${device(target)}, method: "m"}) ${started} }`,
    gets: notFound,
  },
  'Mutation.sendMessage': {
    ask: (target) =>
      `mutation { sendMessage(input: {${device(target)}, body: {text: "m"}}) ${started} }`,
    gets: notFound,
  },
  'Mutation.repeatOperation': {
    ask: ({ operationId }) =>
      `mutation { repeatOperation(input: {id: "${operationId}"}) ${started} }`,
    gets: noOperation,
  },
  'Mutation.cancelOperation': {
    ask: ({ operationId }) =>
      `mutation { cancelOperation(input: {id: "${operationId}", reason: "r"}) { canceled } }`,
    gets: noOperation,
  },
  'Mutation.updateTwin': {
    ask: (target) =>
      `mutation { updateTwin(input: {${device(target)}, mode: PATCH, tags: {site: "x"}, ifMatch: "stale"}) { device { tags } changes { path } } }`,
    gets: notFound,
  },
  'Mutation.createDevice': {
    ask: (target) =>
      `mutation { createDevice(input: {${device(target)}, tags: {tenant: "umbrella"}}) { device { id } } }`,
    gets: 'FORBIDDEN: deviceId: you may not create this device, as it would be outside of your scope',
  },
  'Mutation.createDevices': {
    ask: (target) =>
      `mutation { createDevices(input: {devices: [{${device(target)}, tags: {tenant: "umbrella"}}]}) ${results} }`,
    gets: 'FORBIDDEN: devices[0].deviceId: you may not create this device, as it would be outside of your scope',
  },
  'Mutation.deleteDevice': {
    ask: (target) =>
      `mutation { deleteDevice(input: {${device(target)}, ifMatch: "stale"}) { hub } }`,
    gets: notFound,
  },
  'Mutation.deleteDevices': {
    ask: (target) =>
      `mutation { deleteDevices(input: {devices: [{${device(target)}}]}) ${results} }`,
    gets: allFailed('deleteDevices'),
  },
  'Mutation.enableDevice': {
    ask: (target) => `mutation { enableDevice(input: {${device(target)}}) { device { tags } } }`,
    gets: notFound,
  },
  'Mutation.enableDevices': {
    ask: ({ deviceId }) =>
      `mutation { enableDevices(input: {deviceIds: ["${deviceId}"]}) ${results} }`,
    gets: allFailed('enableDevices'),
  },
  'Mutation.disableDevice': {
    ask: (target) =>
      `mutation { disableDevice(input: {${device(target)}, reason: "r"}) { device { tags } } }`,
    gets: notFound,
  },
  'Mutation.disableDevices': {
    ask: ({ deviceId }) =>
      `mutation { disableDevices(input: {deviceIds: ["${deviceId}"], reason: "r"}) ${results} }`,
    gets: allFailed('disableDevices'),
  },
  'Mutation.rotateKeys': {
    ask: (target) =>
      `mutation { rotateKeys(input: {${device(target)}, keys: BOTH}) { device { tags } accessKeys { primary { key } } } }`,
    gets: notFound,
  },
  'Mutation.createModule': {
    ask: (target) =>
      `mutation { createModule(input: {${device(target)}, moduleId: "n"}) { module { id } accessKeys { primary { key } } } }`,
    gets: notFound,
  },
  'Mutation.deleteModule': {
    ask: (target) => `mutation { deleteModule(input: {${device(target)}, moduleId: "m"}) { hub } }`,
    gets: notFound,
  },
  'Subscription.device': {
    ask: ({ deviceId }) => `subscription { device(id: "${deviceId}") { tags } }`,
    gets: noStream,
  },
  'Subscription.operation': {
    ask: ({ operationId }) => `subscription { operation(id: "${operationId}") { id } }`,
    gets: noOperation,
  },
  'Subscription.operationEvents': {
    ask: ({ operationId }) => `subscription { operationEvents(id: "${operationId}") { sequence } }`,
    gets: noOperation,
  },
  'Subscription.rebootStatus': {
    ask: (target) => `subscription { rebootStatus(${device(target)}) { phase device { tags } } }`,
    gets: noStream,
  },
};

const acme = operatorOf('acme');
const umbrella = operatorOf('umbrella');
const unknown: Target = {
  deviceId: 'nobody-1',
  operationId: '01900000-0000-7000-8000-000000000000',
};

describe('the doors of a tenant', () => {
  let schema: GraphQLSchema;
  let tenants: Tenants;
  let theirs: Target;
  let ours = 0;

  beforeAll(async () => {
    schema = await createSchema();
    tenants = await startTenants();
    theirs = await plant('umbrella-1', 'umbrella');
  });

  // The properties of a fleet are sampled at most twice a minute.
  beforeEach(() => tenants.pass(60_000));

  afterAll(() => tenants[Symbol.asyncDispose]());

  /** A device of a tenant with a module, and an operation that was done to it. */
  async function plant(deviceId: string, tenant: string): Promise<Target> {
    tenants.emulator.registerDevice(deviceId, { tags: { tenant } });
    const gateway = tenants.as();
    await gateway.data(
      text(
        'mutation($id: ID!) { createModule(input: {deviceId: $id, moduleId: "m"}) { module { id } } }',
      ),
      {
        id: deviceId,
      },
    );
    const input = { deviceId, method: 'm' };
    const { invokeMethod } = await gateway.data(InvokeMethodDocument, { input });
    const operationId = `${invokeMethod?.operation.id}`;
    await using operation = gateway.subscribe(WatchOperationDocument, { id: operationId });
    await operation.completed;
    return { deviceId, operationId };
  }

  function text(source: string): TypedDocumentNode<object, Readonly<Record<string, unknown>>> {
    return parse(source);
  }

  interface Answer {
    readonly outcome: object | string;
    /** What reached the hub for it. */
    readonly calls: readonly string[];
  }

  /** What a caller is answered, in the words that hold for any target. */
  async function answerTo(caller: Caller, source: string, target: Target): Promise<Answer> {
    const { emulator } = tenants;
    // It has been seen a moment ago: what is remembered of it must make no difference.
    await tenants.as().execute(text('query($id: ID!) { device(id: $id) { tags } }'), {
      id: target.deviceId,
    });
    const gateway = tenants.as(caller);
    emulator.calls.clear();
    const outcome = source.startsWith('subscription')
      ? await streamed(gateway, source)
      : await gateway.execute(text(source), {});
    const said = 'errors' in outcome && outcome.errors.length > 0 ? outcome.errors : undefined;
    const told = said
      ? said.map(({ message, extensions }) => `${extensions?.['code']}: ${message}`).join('\n')
      : (outcome.data ?? {});
    return {
      outcome:
        typeof told === 'string'
          ? told
              .replaceAll(target.deviceId, '<device>')
              .replaceAll(target.operationId, '<operation>')
          : told,
      calls: emulator.calls
        .list()
        .filter(({ deviceId = target.deviceId }) => deviceId === target.deviceId)
        .map(({ operation }) => operation),
    };
  }

  async function streamed(gateway: ReturnType<Tenants['as']>, source: string) {
    await using stream = gateway.subscribe(text(source), {});
    return await stream
      .waitFor(() => true)
      .then(
        (data) => ({ data, errors: [] }),
        (errors: Awaited<ReturnType<typeof gateway.execute>>['errors']) => ({ data: null, errors }),
      );
  }

  test('are all of the schema', () => {
    const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
    const fields = roots.flatMap((type) =>
      Object.keys(type?.getFields() ?? {}).map((field) => `${type?.name}.${field}`),
    );

    expect(Object.keys(doors).sort()).toEqual(fields.sort());
  });

  describe.each(Object.entries(doors))('%s', (_field, { ask, gets, beyondDevices }) => {
    test("hides another tenant's device: it is as one that is not there, and costs the same", async () => {
      const hidden = await answerTo(acme, ask(theirs), theirs);
      const absent = await answerTo(acme, ask(unknown), unknown);

      expect(hidden.outcome).toEqual(gets);
      expect(absent.outcome).toEqual(gets);
      // The ids of operations cannot be guessed: of one that is not there, nothing needs to be read.
      const ofOperation = ask(theirs).includes(theirs.operationId);
      if (!ofOperation) expect(hidden.calls).toEqual(absent.calls);
      const queries = ask(theirs).startsWith('{') ? ['query'] : [];
      expect(['twin.get', ...queries]).toEqual(expect.arrayContaining([...hidden.calls]));
      expect(hidden.calls.length).toBeLessThanOrEqual(1);
    });

    test('is open for devices of their own', async () => {
      ours += 1;
      const own = await plant(`acme-${ours}`, 'acme');
      const source = ask(own).replace('umbrella', 'acme').replace(', ifMatch: "stale"', '');
      const asked = source.includes('createDevice')
        ? { ...own, deviceId: `new-${own.deviceId}` }
        : own;
      const { outcome } = await answerTo(acme, source.replace(own.deviceId, asked.deviceId), asked);

      if (beyondDevices) expect(outcome).toEqual(gets);
      else {
        expect(outcome).toBeTypeOf('object');
        expect(outcome).not.toEqual(gets);
        expect(JSON.stringify(outcome)).not.toContain('DEVICE_NOT_FOUND');
      }
    });
  });

  test("leave everything of the other tenant's as it was", async () => {
    const { outcome } = await answerTo(
      umbrella,
      `{ device(id: "${theirs.deviceId}") { status tags modules { moduleId } operation { id } } operations { nodes { id } } }`,
      theirs,
    );

    expect(outcome).toEqual({
      device: {
        status: 'ENABLED',
        tags: { tenant: 'umbrella' },
        modules: [{ moduleId: 'm' }],
        operation: null,
      },
      operations: { nodes: [{ id: theirs.operationId }] },
    });
  });

  test('cost those who may do everything to all devices nothing more', async () => {
    const own = await plant('anybody-1', 'acme');
    for (const [source, calls] of [
      ['Query.device', ['twin.get']],
      ['Query.devices', ['query']],
      ['Query.operation', []],
      ['Query.operations', []],
      ['Query.module', ['twin.get']],
      ['Mutation.cancelOperation', []],
      ['Mutation.disableDevice', ['device.get', 'device.update', 'twin.get']],
      ['Mutation.enableDevices', ['device.get', 'device.bulk', 'twin.get']],
      ['Mutation.rotateKeys', ['device.get', 'device.update', 'twin.get']],
      ['Mutation.createModule', ['module.create']],
      ['Mutation.deleteModule', ['module.delete']],
      ['Subscription.operation', []],
      ['Subscription.operationEvents', []],
      ['Mutation.deleteDevices', ['device.bulk']],
    ] as const) {
      const answer = await answerTo(localDeveloper, `${doors[source]?.ask(own)}`, own);

      expect([source, answer.calls]).toEqual([source, calls]);
    }
  });
});
