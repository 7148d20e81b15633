import { z } from 'zod';
import { isModuleId, moduleIdExpected } from '../device-id.js';
import type { JsonObject, JsonValue } from '../json.js';
import { INVOKE_METHOD, SEND_MESSAGE } from './action-names.js';
import type { Condition } from './conditions.js';
import { payloadProblem, schemaProblem } from './payload.js';
import type { ActionProfile } from './profile.js';

const reserved: readonly string[] = [INVOKE_METHOD, SEND_MESSAGE];

const json: z.ZodType<JsonValue> = z.json();

const nameForm = z
  .string()
  .regex(/^[A-Za-z][\w-]{0,63}$/, 'expected a letter, then at most 63 letters, digits, - and _');

const actionForm = nameForm.refine(
  (name) => !reserved.includes(name),
  'this name is taken by an operation that needs no profile',
);

/** Keys joined by dots, as in GraphQL's PropertyPath; in a profile, the list of its keys. */
const pathForm = z
  .string()
  .refine(isPath, 'expected keys joined by dots, such as iothubDM.reboot.lastReboot, at most 10')
  .transform((text): readonly string[] => text.split('.'));

const seconds = (least: number, greatest: number) => {
  const expected = `expected whole seconds, ${least} to ${greatest}`;
  return z.int(expected).min(least, expected).max(greatest, expected);
};

const conditionForm = z
  .strictObject({
    path: pathForm,
    eq: json.optional(),
    ne: json.optional(),
    in: z.array(json).min(1, 'expected at least one value').optional(),
    exists: z.boolean().optional(),
  })
  .refine(isCondition, 'expected at least one of eq, ne, in, exists');

const boundConditionForm = z
  .strictObject({ ...conditionForm.shape, eqPayload: pathForm.optional() })
  .refine(isCondition, 'expected at least one of eq, ne, in, exists, eqPayload');

const conditions = z.array(boundConditionForm).min(1, 'expected at least one condition');

const moduleForm = z.string().refine(isModuleId, moduleIdExpected).optional();

const methodForm = z.strictObject({
  kind: z.literal('METHOD'),
  moduleId: moduleForm,
  name: z
    .string()
    .min(1, 'expected the name of a method')
    .max(100, 'expected at most 100 characters'),
  defaultPayload: json.optional(),
  responseTimeoutSeconds: seconds(5, 300).default(30),
  connectTimeoutSeconds: seconds(0, 300).default(0),
  operationIdKey: z.string().min(1, 'expected a key').optional(),
});

const desiredForm = z.strictObject({
  kind: z.literal('DESIRED'),
  moduleId: moduleForm,
  path: pathForm,
  defaultPayload: json.optional(),
  operationIdKey: z.string().min(1, 'expected a key').optional(),
});

const evidenceForm = z.strictObject({
  path: pathForm,
  rule: z.enum(['NEW_VALUE', 'NEW_TIME'], 'expected NEW_VALUE or NEW_TIME').default('NEW_VALUE'),
  proof: z
    .enum(['ANNOUNCED', 'REPORTED_AFTER'], 'expected ANNOUNCED or REPORTED_AFTER')
    .default('REPORTED_AFTER'),
  operationIdPath: pathForm.optional(),
  success: conditions.optional(),
  failure: conditions.optional(),
  progress: z.array(pathForm).min(1, 'expected at least one path').optional(),
});

const whereForm = z.strictObject({
  deviceIds: z.array(z.string()).min(1, 'expected at least one device id').optional(),
  tags: z.array(conditionForm).optional(),
  desired: z.array(conditionForm).optional(),
  reported: z.array(conditionForm).optional(),
});

/** A profile as users write it: paths are text, and what is left out has a default. */
const profileForm = z
  .strictObject({
    name: nameForm,
    action: actionForm,
    description: z.string().optional(),
    disturbing: z.boolean().default(true),
    needsConfirmation: z.boolean().default(false),
    where: whereForm.optional(),
    command: z.discriminatedUnion('kind', [methodForm, desiredForm], {
      error: 'expected an object whose kind is METHOD or DESIRED',
    }),
    payload: z.custom<JsonObject>(isSchemaLike, 'expected a JSON Schema, an object').optional(),
    evidence: evidenceForm.optional(),
    deadlineSeconds: seconds(1, 604_800).default(300),
  })
  .superRefine(checkProfile);

export type ActionProfileForm = z.input<typeof profileForm>;

/** A list of profiles, no two of which are one: neither among them nor among those known already. */
export function profileListForm(known: readonly ActionProfile[]) {
  return z.array(profileForm).superRefine((profiles, context) => {
    const taken = new Set(known.map(keyOf));
    profiles.forEach((profile, index) => {
      const key = keyOf(profile);
      if (taken.has(key)) {
        const message = `there is a profile '${profile.name}' for ${profile.action} already`;
        context.addIssue({ code: 'custom', path: [index, 'name'], message });
      }
      taken.add(key);
    });
    for (const [action, index] of unevenConfirmations([...known, ...profiles])) {
      const message = `some profiles of ${action} need confirmation and some do not`;
      const path = [Math.max(0, index - known.length), 'needsConfirmation'];
      context.addIssue({ code: 'custom', path, message });
    }
  });
}

/** Profiles from data in the form that users write. Throws a ZodError for what they could not write. */
export function parseProfiles(forms: readonly ActionProfileForm[]): readonly ActionProfile[] {
  return profileListForm([]).parse(forms);
}

function keyOf({ action, name }: Pick<ActionProfile, 'action' | 'name'>): string {
  return `${action}/${name}`;
}

/** A wipe must not slip through because a device happens to be of another convention. */
function unevenConfirmations(
  profiles: readonly Pick<ActionProfile, 'action' | 'needsConfirmation'>[],
): readonly (readonly [action: string, index: number])[] {
  const first = new Map<string, boolean>();
  return profiles.flatMap(({ action, needsConfirmation = false }, index) => {
    const expected = first.get(action) ?? needsConfirmation;
    first.set(action, expected);
    return expected === needsConfirmation ? [] : [[action, index] as const];
  });
}

function checkProfile(profile: ActionProfile, context: z.RefinementCtx): void {
  const { command, disturbing, evidence, payload } = profile;
  const problem = (path: readonly string[], message: string) =>
    context.addIssue({ code: 'custom', path: [...path], message });
  const wrong = payload && schemaProblem(payload);
  if (wrong) problem(['payload'], `no valid JSON Schema: ${wrong}`);
  else if (payload && command.defaultPayload !== undefined) {
    const misfit = payloadProblem(payload, command.defaultPayload);
    if (misfit) problem(['command', 'defaultPayload'], `${misfit.path} ${misfit.expected}`);
  }
  if (command.kind === 'METHOD' && command.connectTimeoutSeconds > command.responseTimeoutSeconds) {
    problem(['command', 'connectTimeoutSeconds'], 'it is longer than responseTimeoutSeconds');
  }
  if (evidence?.operationIdPath && command.operationIdKey === undefined) {
    problem(
      ['evidence', 'operationIdPath'],
      'without command.operationIdKey no device knows the id',
    );
  }
  if (evidence && !disturbing && !evidence.operationIdPath) {
    problem(
      ['disturbing'],
      'two at once could not be told apart by their evidence; leave it true, or have the device repeat the id (operationIdKey, operationIdPath)',
    );
  }
}

function isPath(text: string): boolean {
  const keys = text.split('.');
  return keys.length <= 10 && keys.every((key) => key !== '' && !/[\s$#]|\]\]|\p{Cc}/u.test(key));
}

function isCondition({ path: _, ...terms }: Condition): boolean {
  return Object.values(terms).some((term) => term !== undefined);
}

function isSchemaLike(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
