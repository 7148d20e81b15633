/** What one caller may ask for, and how much of it. Those of Limits are for operators to change. */
export interface Limits {
  /** Points that one operation may cost: one for each value, more for what is asked of a hub. */
  readonly complexity: number;
  /** How deep a document may select. */
  readonly depth: number;
  readonly aliases: number;
  /** How many fields of Query or Mutation one operation may ask for. */
  readonly rootFields: number;
  /** Whether the schema may be asked for. */
  readonly introspection: boolean;
  /** Operations that a caller may begin, on average; as many as in `burstSeconds` at once. */
  readonly callerOperationsPerSecond: number;
  /** Requests, upgrades and operations from one address. */
  readonly addressRequestsPerSecond: number;
  readonly burstSeconds: number;
  readonly socketsPerCaller: number;
  readonly socketsPerAddress: number;
  readonly subscriptionsPerCaller: number;
  readonly subscriptionsPerSocket: number;
  /** Messages that one socket may send, as long as they last. */
  readonly messagesPerSecond: number;
  /** TCP connections of all; more are not accepted. */
  readonly connections: number;
  /** Operations that are answered at the same time; more are refused. */
  readonly operationsUnderWay: number;
  /** How far behind its work the gateway may be before it refuses more (ms). */
  readonly lag: number;
  /** Addresses of proxies whose `X-Forwarded-For` is believed. */
  readonly trustedProxies: readonly string[];
}

export const defaultLimits: Limits = {
  complexity: 100_000,
  depth: 20,
  aliases: 100,
  rootFields: 50,
  introspection: true,
  callerOperationsPerSecond: 200,
  addressRequestsPerSecond: 400,
  burstSeconds: 5,
  socketsPerCaller: 2_000,
  socketsPerAddress: 2_000,
  subscriptionsPerCaller: 5_000,
  subscriptionsPerSocket: 200,
  messagesPerSecond: 100,
  connections: 10_000,
  operationsUnderWay: 64,
  lag: 200,
  trustedProxies: [],
};

/** What no honest document comes near, so that nobody needs to change it. */
export const fixedLimits = {
  /** Words and signs of a document. */
  tokens: 5_000,
  /** Brackets within brackets: libraries read a document by recursion. */
  nesting: 100,
  /** Fields, each fragment counted wherever it is used. */
  fields: 2_000,
  fragments: 100,
  directives: 50,
  /** Objects and lists within each other in variables. */
  variableDepth: 64,
  /** Values in variables. */
  variableValues: 50_000,
  /** Errors of one document, or of its variables, that are told. */
  errors: 10,
} as const;

export type FixedLimit = keyof typeof fixedLimits;
