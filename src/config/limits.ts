import { isIP } from 'node:net';
import { z } from 'zod';
import { defaultLimits, type Limits } from '../server/limits/limits.js';

/** What operators change of the limits; what is left out is as by default. */
export type LimitsEntry = { readonly [Name in keyof Limits]?: Limits[Name] | undefined };

const amount = (least = 1) => {
  const expected = `expected a whole number, ${least} or more`;
  return z.int(expected).min(least, expected);
};

/** The section `limits` of the configuration file. */
export const limitsForm: z.ZodType<LimitsEntry> = z.strictObject({
  complexity: amount(1_000).optional(),
  // The introspection of tools is 15 deep.
  depth: amount(15).max(40, 'expected at most 40').optional(),
  aliases: amount(0).optional(),
  rootFields: amount().optional(),
  introspection: z.boolean().optional(),
  callerOperationsPerSecond: amount().optional(),
  addressRequestsPerSecond: amount().optional(),
  burstSeconds: amount().optional(),
  socketsPerCaller: amount().optional(),
  socketsPerAddress: amount().optional(),
  subscriptionsPerCaller: amount().optional(),
  subscriptionsPerSocket: amount().optional(),
  messagesPerSecond: amount().optional(),
  connections: amount().optional(),
  operationsUnderWay: amount().optional(),
  lag: amount(10).optional(),
  trustedProxies: z
    .array(
      z.string().refine(isAddressRange, 'expected an IP address, or a range such as 10.0.0.0/8'),
    )
    .optional(),
});

/** The limits that hold. In production the schema is told only where that is asked for. */
export function toLimits(entry: LimitsEntry, isProduction: boolean): Limits {
  const given = Object.entries(entry).filter(([, value]) => value !== undefined);
  return { ...defaultLimits, introspection: !isProduction, ...Object.fromEntries(given) };
}

function isAddressRange(text: string): boolean {
  const [address = '', prefix, ...more] = text.split('/');
  const bits = isIP(address) === 6 ? 128 : 32;
  if (isIP(address) === 0 || more.length > 0) return false;
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= bits);
}
