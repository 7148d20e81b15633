import {
  extendSchema,
  type GraphQLObjectType,
  type GraphQLSchema,
  type GraphQLUnionType,
  lexicographicSortSchema,
  parse,
  printSchema,
} from 'graphql';
import type { AccessRule } from '../schema/requires.js';
import { authorize } from '../services/access.js';
import { Device } from '../services/device.js';
import { badInput } from '../services/errors.js';
import type { JsonObject } from '../services/json.js';
import type { Context } from './context.js';

/**
 * What a supergraph asks of a subgraph, by Apollo's subgraph specification. Written out here: Apollo's
 * library for it brings a package under a licence that does not let ours be passed on with it.
 */
const federationFields = parse(`
  "A reference to an entity: its \`__typename\`, and the fields of its key."
  scalar _Any
  "What other subgraphs may refer to."
  union _Entity = Device | Operation
  "What a supergraph is composed of."
  type _Service {
    "The schema of this subgraph, with its keys."
    sdl: String!
  }
  extend type Query {
    "For Apollo Federation: this subgraph."
    _service: _Service!
    "For Apollo Federation: what is referred to, in that order; null where there is none."
    _entities(
      "Each with \`__typename\` and \`id\`."
      representations: [_Any!]!
    ): [_Entity]!
  }
`);

const link = `
extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@shareable"])
`;

/** Asks for nothing by itself: the text says no more than introspection, and each entity has its rule. */
const open = { permission: 'inherited' } satisfies AccessRule;

/** A schema as part of an Apollo Federation supergraph. Needs the door in front of it, as any. */
export function asSubgraph(plain: GraphQLSchema): GraphQLSchema {
  const sdl = subgraphSdl(plain);
  const schema = extendSchema(plain, federationFields);
  const { _service, _entities } = typeOf<GraphQLObjectType>(schema, 'Query').getFields();
  if (!_service || !_entities) throw new TypeError('the fields were not added');
  _service.extensions = open;
  _service.resolve = () => ({ sdl });
  _entities.extensions = open;
  _entities.resolve = (_root, { representations }: { representations: JsonObject[] }, context) =>
    representations.map((representation) => entityOf(representation, context));
  typeOf<GraphQLObjectType>(schema, '_Service').extensions = open;
  typeOf<GraphQLUnionType>(schema, '_Entity').resolveType = (entity) =>
    entity instanceof Device ? 'Device' : 'Operation';
  return schema;
}

/** The schema as text with its keys; a page info other subgraphs may have, too. */
function subgraphSdl(plain: GraphQLSchema): string {
  const sdl = printSchema(lexicographicSortSchema(plain))
    .replace(/^type (Device|Operation) /gm, 'type $1 @key(fields: "id") ')
    .replace(/^type PageInfo /m, 'type PageInfo @shareable ');
  return sdl + link;
}

async function entityOf(
  { __typename: type, id }: JsonObject,
  context: Context,
): Promise<object | null> {
  const { caller } = context;
  if (typeof id === 'string' && type === 'Device') {
    authorize(caller, 'device:read');
    return context.devices.get(caller, id, 'FAST');
  }
  if (typeof id === 'string' && type === 'Operation') {
    authorize(caller, 'operation:read');
    return context.operations.get(caller, id);
  }
  throw badInput('representations', 'expected __typename Device or Operation, and its id');
}

function typeOf<Type>(schema: GraphQLSchema, name: string): Type {
  return schema.getType(name) as Type;
}
