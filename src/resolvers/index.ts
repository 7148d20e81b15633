import 'reflect-metadata';
import type { GraphQLSchema } from 'graphql';
import { buildSchema, type PubSub } from 'type-graphql';
import { DateTimeScalar } from '../schema/scalars.js';
import { ActionResolver } from './action.js';
import { AuditResolver } from './audit.js';
import { BulkResolver } from './bulk.js';
import { DeviceResolver } from './device.js';
import { FleetResolver } from './fleet.js';
import { guardSchema } from './guard.js';
import { HubResolver } from './hub.js';
import { HubBudgetResolver } from './hub-budget.js';
import { IdentityResolver } from './identity.js';
import { MessageResolver } from './message.js';
import { DeviceModulesResolver, ModuleResolver } from './module.js';
import { putOnRecord } from './on-record.js';
import { OperationResolver } from './operation.js';
import { RebootResolver } from './reboot.js';
import { asSubgraph } from './subgraph.js';
import { TwinEditResolver } from './twin-edit.js';

/** type-graphql asks for one as soon as there is a subscription; ours bring their own streams. */
const noPubSub: PubSub = {
  publish() {},
  subscribe() {
    throw new Error('subscriptions bring their own streams');
  },
};

export interface SchemaOptions {
  /** Whether it can be part of an Apollo Federation supergraph. Default: no. */
  readonly subgraph?: boolean;
}

/** The schema of the gateway: what is done there is put on record, and the door is in front of it. */
export async function createSchema({
  subgraph = false,
}: SchemaOptions = {}): Promise<GraphQLSchema> {
  const schema = await buildSchema({
    resolvers: [
      DeviceResolver,
      FleetResolver,
      DeviceModulesResolver,
      ModuleResolver,
      TwinEditResolver,
      IdentityResolver,
      BulkResolver,
      OperationResolver,
      RebootResolver,
      ActionResolver,
      MessageResolver,
      HubResolver,
      HubBudgetResolver,
      AuditResolver,
    ],
    scalarsMap: [{ type: Date, scalar: DateTimeScalar }],
    pubSub: noPubSub,
    validate: false,
  });
  const recorded = putOnRecord(schema);
  return guardSchema(subgraph ? asSubgraph(recorded) : recorded);
}
