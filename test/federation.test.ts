import { composeServices } from '@apollo/composition';
import { ApolloGateway, LocalGraphQLDataSource, RemoteGraphQLDataSource } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { parse } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startWorld, type World } from './support/gateway.js';
import { OperationDocument, RebootDeviceDocument } from './support/operations.js';
import { blocksOf } from './support/pages.js';
import { noteRun } from './support/record.js';

/** Another team's subgraph, and what one may ask of both. */
const [sitesSdl = '', example = ''] = blocksOf('docs/federation.md', 'graphql');
const sites = parse(sitesSdl);

describe('as a subgraph of Apollo Federation', () => {
  let world: World;
  let supergraph: ApolloServer;
  const site: { devices: { id: string }[]; lastOperation: { id: string } | null } = {
    devices: [],
    lastOperation: null,
  };

  beforeAll(async () => {
    world = await startWorld({ environment: { SUBGRAPH: 'true' } });
    const { data } = await post('{ _service { sdl } }');
    const { supergraphSdl, errors } = composeServices([
      { name: 'twinql', typeDefs: parse(data._service.sdl), url: `${world.gateway.url}/graphql` },
      { name: 'sites', typeDefs: sites, url: 'http://sites.example' },
    ]);
    expect(errors).toBeUndefined();
    const resolvers = {
      Query: { site: () => site },
      Device: { caretaker: ({ id }: { id: string }) => `caretaker of ${id}` },
    };
    const gateway = new ApolloGateway({
      supergraphSdl: supergraphSdl ?? '',
      buildService: ({ name, url }) =>
        name === 'sites'
          ? new LocalGraphQLDataSource(buildSubgraphSchema({ typeDefs: sites, resolvers }))
          : new RemoteGraphQLDataSource({ url: url ?? '' }),
    });
    supergraph = new ApolloServer({ gateway });
    await supergraph.start();
  });

  afterAll(async () => {
    await supergraph.stop();
    await world[Symbol.asyncDispose]();
  });

  interface Answer {
    readonly data: { readonly _service: { sdl: string }; readonly device: { id: string } };
  }

  async function post(query: string, variables: object = {}): Promise<Answer> {
    const response = await fetch(`${world.gateway.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables }),
    });
    return (await response.json()) as Answer;
  }

  async function ask(query: string): Promise<unknown> {
    const { body } = await supergraph.executeOperation({ query });
    if (body.kind !== 'single') throw new TypeError('not one answer');
    if (!body.singleResult.errors) noteRun(parse(query));
    return body.singleResult;
  }

  async function idOf(deviceId: string): Promise<string> {
    const { data } = await post('query ($id: ID!) { device(id: $id) { id } }', { id: deviceId });
    return data.device.id;
  }

  test('takes part in a supergraph: what others know of a device stands beside what it is', async () => {
    world.emulator.registerDevice('pump-1', { tags: { site: 'muc' } });
    const id = await idOf('pump-1');

    expect(await ask('{ device(id: "pump-1") { deviceId caretaker tags } }')).toEqual({
      data: {
        device: { deviceId: 'pump-1', caretaker: `caretaker of ${id}`, tags: { site: 'muc' } },
      },
    });
  });

  test('resolves the devices that others refer to, many by one query', async () => {
    const names = Array.from({ length: 12 }, (_, index) => `fan-${index}`);
    for (const name of names) world.emulator.registerDevice(name);
    // Ids tell which device, so that one needs no read to be named.
    const one = await idOf('fan-0');
    const idFor = (name: string) =>
      `~${Buffer.from(Buffer.from(one.slice(1), 'base64url').toString().replace('fan-0', name)).toString('base64url')}`;
    site.devices = names.slice(1).map((name) => ({ id: idFor(name) }));
    world.emulator.calls.clear();

    expect(await ask('{ site { devices { deviceId status } } }')).toEqual({
      data: {
        site: { devices: names.slice(1).map((deviceId) => ({ deviceId, status: 'ENABLED' })) },
      },
    });
    expect(world.emulator.calls.list({}).map(({ operation }) => operation)).toEqual(['query']);
  });

  test('resolves the operations that others refer to, as docs/federation.md shows, and null for what there is not', async () => {
    world.emulator.registerDevice('pump-2');
    const input = { deviceId: 'pump-2' };
    const { rebootDevice } = await world.gateway.data(RebootDeviceDocument, { input });
    const id = rebootDevice?.operation.id ?? '';
    const { operation } = await world.gateway.data(OperationDocument, { id });
    site.lastOperation = { id };

    expect(await ask('{ site { lastOperation { action device { deviceId } } } }')).toEqual({
      data: {
        site: { lastOperation: { action: operation?.action, device: { deviceId: 'pump-2' } } },
      },
    });
    site.devices = [{ id: await idOf('pump-2') }];
    expect(await ask(example)).toEqual({
      data: {
        site: {
          devices: [
            {
              deviceId: 'pump-2',
              caretaker: `caretaker of ${site.devices[0]?.id}`,
              connectivity: { verdict: 'NEVER_CONNECTED' },
            },
          ],
          lastOperation: { action: 'reboot', status: expect.any(String) },
        },
      },
    });
    const gone = await idOf('pump-2');
    const representations = [
      { __typename: 'Operation', id: '0199' },
      { __typename: 'Device', id: `${gone}AAA` },
      { __typename: 'Operation', id },
    ];
    expect(await post(entities, { representations })).toMatchObject({
      data: { _entities: [null, null, { __typename: 'Operation' }] },
    });
  });

  const entities =
    'query ($representations: [_Any!]!) { _entities(representations: $representations) { __typename } }';

  test.each([
    [{ __typename: 'Hub', id: 'a' }],
    [{ __typename: 'Device' }],
    [{ __typename: 'Device', id: 7 }],
    ['Device'],
  ])('refuses %j, which refers to nothing that it has', async (representation) => {
    expect(await post(entities, { representations: [representation] })).toMatchObject({
      data: { _entities: [null] },
      errors: [
        {
          message: 'representations: expected __typename Device or Operation, and its id',
          extensions: { code: 'BAD_USER_INPUT' },
        },
      ],
    });
  });
});
