import { lexicographicSortSchema, printSchema } from 'graphql';
import { createSchema } from './resolvers/index.js';

/** The schema as text, in an order that does not depend on the code's. */
export async function printSdl(): Promise<string> {
  return `${printSchema(lexicographicSortSchema(await createSchema()))}\n`;
}
