import { z } from 'zod';
import { pathForm } from '../forms.js';
import type { DeviceFilter } from './device-filter.js';

/** Where a claim of the caller's token stands in for a value. */
const claim = z.strictObject({ claim: z.string().min(1, 'expected the name of a claim') });

const primitive = z.union([z.string(), z.number(), z.boolean()]);
const value = z.union(
  [primitive, claim],
  'expected a string, a number, a boolean or { claim: name }',
);
const bound = z.union([z.string(), z.number()], 'expected a string or a number');
const values = z.array(value, 'expected a list').min(1, 'expected at least one value');

const textForm = some({
  eq: z.string().optional(),
  in: z.array(z.string()).min(1, 'expected at least one value').optional(),
  startsWith: z.string().optional(),
});

const time = z.iso
  .datetime({ offset: true, error: 'expected a time such as 2026-11-21T08:30:00Z' })
  .transform((text) => new Date(text))
  .optional();
const timeForm = some({ lt: time, lte: time, gt: time, gte: time, exists: z.boolean().optional() });

const propertyForm = z
  .strictObject({
    path: pathForm,
    eq: value.optional(),
    ne: value.optional(),
    lt: bound.optional(),
    lte: bound.optional(),
    gt: bound.optional(),
    gte: bound.optional(),
    in: values.optional(),
    nin: values.optional(),
    exists: z.boolean().optional(),
  })
  .refine(
    (condition) => Object.keys(condition).length > 1,
    'expected a condition beside the path: eq, ne, lt, lte, gt, gte, in, nin or exists',
  );

const properties = z.array(propertyForm, 'expected a list of conditions').optional();
const sections = { tags: properties, desired: properties, reported: properties };
const connectionState = z
  .enum(['CONNECTED', 'DISCONNECTED'], 'expected CONNECTED or DISCONNECTED')
  .optional();

/**
 * A device filter of the configuration file: as in GraphQL, but that `{ claim: name }` may stand
 * for a value of `eq`, `ne`, `in` and `nin` (claim-values.ts), and that there is no `modules`, on
 * which no scope can rest.
 */
export const deviceFilterForm: z.ZodType<DeviceFilter> = z.strictObject({
  get and() {
    return z.array(deviceFilterForm).optional();
  },
  get or() {
    return z.array(deviceFilterForm).min(1, 'expected at least one filter').optional();
  },
  get not() {
    return deviceFilterForm.optional();
  },
  hub: some({ eq: z.string().optional(), in: z.array(z.string()).optional() }).optional(),
  deviceId: textForm.optional(),
  status: z.enum(['ENABLED', 'DISABLED'], 'expected ENABLED or DISABLED').optional(),
  connectionState,
  lastActivity: timeForm.optional(),
  lastReboot: timeForm.optional(),
  ...sections,
}) as z.ZodType<DeviceFilter>;

/** An object of which at least one member is given: none would let everything pass. */
function some<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  const names = Object.keys(shape).join(', ');
  return z
    .strictObject(shape)
    .refine((given) => Object.keys(given).length > 0, `expected at least one of ${names}`);
}
