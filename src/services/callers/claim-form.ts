import { z } from 'zod';
import { type ClaimMapping, defaultClaims } from './claims.js';

const claimName = z.string().min(1, 'expected the name of a claim');
const oneOrMore = (text: z.ZodString) =>
  z.union([text.transform((one) => [one]), z.array(text)], 'expected one, or a list');

/** Which claims tell who a user is and which roles they have, as in the configuration file. */
export const claimMappingForm: z.ZodType<ClaimMapping> = z.strictObject({
  id: claimName.default(defaultClaims.id),
  roles: oneOrMore(claimName).default([...defaultClaims.roles]),
  mapping: z.record(z.string(), oneOrMore(z.string())).optional(),
});
