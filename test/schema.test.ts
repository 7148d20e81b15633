import { readFileSync } from 'node:fs';
import {
  buildSchema,
  findBreakingChanges,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isObjectType,
  lexicographicSortSchema,
  printSchema,
} from 'graphql';
import { beforeAll, describe, expect, test } from 'vitest';
import { createSchema } from '../src/resolvers/index.js';

/** The part of the contract that frontends rely on, as published. */
const contract = buildSchema(`
  scalar JSON
  scalar DateTime
  scalar PropertyPath
  enum Consistency { FAST FRESH }
  enum DeviceStatus { ENABLED DISABLED }
  enum ConnectionState { CONNECTED DISCONNECTED }
  enum TwinSource { POINT_READ QUERY EVENT }
  enum Proof { ACKNOWLEDGED ANNOUNCED REPORTED_AFTER RECONNECTED }
  enum OperationStatus {
    AWAITING_APPROVAL AWAITING_WINDOW REQUESTED SENDING ACCEPTED IN_PROGRESS
    SUCCEEDED FAILED TIMED_OUT CANCELED
  }
  type Query {
    device(id: ID!, consistency: Consistency! = FRESH): Device
    devices(where: DeviceFilter, first: Int! = 50, after: String): DeviceConnection!
    deviceCounts(where: DeviceFilter, groupBy: DeviceGrouping): DeviceCounts!
    propertyPaths(where: DeviceFilter): PropertyPaths!
    query(sql: String!, first: Int! = 50, after: String): RowConnection!
    operation(id: ID!): Operation
    operations(where: OperationFilter, first: Int! = 50, after: String): OperationConnection!
  }
  type Mutation { rebootDevice(input: RebootDeviceInput!): RebootDevicePayload }
  type Subscription {
    rebootStatus(deviceId: ID!): RebootStatus!
    operation(id: ID!): Operation!
    operationEvents(id: ID!, after: Int): OperationEvent!
    device(id: ID!, intervalSeconds: Int): Device!
  }
  type Device {
    id: ID! hub: String! deviceId: String! status: DeviceStatus! connectivity: Connectivity!
    tags: JSON! desired: JSON! reported: JSON!
    reportedProperties(paths: [PropertyPath!]!): [ReportedProperty!]!
    lastReboot: LastReboot etag: String! version: Int! observedAt: DateTime! source: TwinSource!
    operation: Operation
  }
  type Connectivity { verdict: ConnectivityVerdict! }
  enum ConnectivityVerdict { NEVER_CONNECTED ONLINE STALE OFFLINE }
  type ReportedProperty { path: String! value: JSON lastUpdatedAt: DateTime }
  type LastReboot { at: DateTime! reported: JSON! path: String! }
  type DeviceConnection { nodes: [Device!]! pageInfo: PageInfo! }
  type OperationConnection { nodes: [Operation!]! pageInfo: PageInfo! }
  type PageInfo { hasNextPage: Boolean! endCursor: String }
  input DeviceFilter {
    and: [DeviceFilter!] or: [DeviceFilter!] not: DeviceFilter
    deviceId: StringCondition status: DeviceStatus connectionState: ConnectionState
    tags: [PropertyCondition!] desired: [PropertyCondition!] reported: [PropertyCondition!]
    lastReboot: DateTimeCondition
  }
  type DeviceCounts { total: Int! groups: [DeviceGroup!]! }
  type DeviceGroup { value: JSON count: Int! }
  input DeviceGrouping { by: DeviceGroupKey! path: PropertyPath }
  enum DeviceGroupKey { TAG DESIRED REPORTED STATUS CONNECTION_STATE }
  type PropertyPaths { sampled: Int! paths: [PropertyPathInfo!]! }
  type PropertyPathInfo { path: PropertyPath! }
  type RowConnection { rows: [JSON!]! pageInfo: PageInfo! }
  input StringCondition { eq: String }
  input DateTimeCondition { lt: DateTime lte: DateTime gt: DateTime gte: DateTime }
  input PropertyCondition {
    path: PropertyPath! eq: JSON ne: JSON lt: JSON lte: JSON gt: JSON gte: JSON
    in: [JSON!] nin: [JSON!] exists: Boolean
  }
  input OperationFilter { deviceId: ID }
  input RebootDeviceInput {
    deviceId: ID! profile: String payload: JSON responseTimeoutSeconds: Int idempotencyKey: String
  }
  type RebootDevicePayload { operation: Operation! started: Boolean! }
  type RebootStatus {
    device: Device! phase: RebootPhase! operation: Operation
    lastReboot: LastReboot connectivity: Connectivity! observedAt: DateTime!
  }
  enum RebootPhase { IDLE REQUESTED REBOOTING REBOOTED FAILED TIMED_OUT }
  type Operation {
    id: ID! device: Device! action: String! profile: String! status: OperationStatus! proof: Proof
    sequence: Int! requestedAt: DateTime! requestedBy: String! acceptedAt: DateTime
    finishedAt: DateTime deadlineAt: DateTime updatedAt: DateTime!
    response: MethodResponse failure: OperationFailure history: [OperationEvent!]!
  }
  type MethodResponse { status: Int! payload: JSON }
  type OperationFailure { code: OperationFailureCode! message: String! retryable: Boolean! }
  enum OperationFailureCode { NOT_SENT DEVICE_NOT_FOUND DEVICE_OFFLINE INVALID THROTTLED METHOD_REJECTED DEVICE_REPLACED }
  type OperationEvent { sequence: Int! }
`);

describe('the schema', () => {
  let schema: GraphQLSchema;

  beforeAll(async () => {
    schema = await createSchema();
  });

  test('is the one in schema.graphql', () => {
    const sdl = `${printSchema(lexicographicSortSchema(schema))}\n`;
    expect(readFileSync('schema.graphql', 'utf8')).toBe(sdl);
  });

  test('breaks nothing of the published contract', () => {
    expect(findBreakingChanges(contract, schema)).toEqual([]);
  });

  test('describes every type, field, argument and enum value', () => {
    const bare: string[] = [];
    const check = (name: string, description: string | null | undefined) => {
      if (!description) bare.push(name);
    };
    for (const type of Object.values(schema.getTypeMap())) {
      if (type.name.startsWith('__') || ['Query', 'Mutation', 'Subscription'].includes(type.name))
        continue;
      check(type.name, type.description);
    }
    for (const type of Object.values(schema.getTypeMap())) {
      if (type.name.startsWith('__')) continue;
      if (isEnumType(type)) {
        for (const value of type.getValues())
          check(`${type.name}.${value.name}`, value.description);
      }
      if (!isObjectType(type) && !isInputObjectType(type)) continue;
      for (const field of Object.values(type.getFields())) {
        check(`${type.name}.${field.name}`, field.description);
        const { args = [] } = field as {
          args?: readonly { name: string; description?: string | null }[];
        };
        for (const { name, description } of args)
          check(`${type.name}.${field.name}(${name})`, description);
      }
    }
    expect(bare).toEqual([]);
  });
});
