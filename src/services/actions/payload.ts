import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { badInput } from '../errors.js';
import type { JsonObject, JsonValue } from '../json.js';

/** Strict: a keyword that it does not know is a mistake, not a wish. */
const schemas = new Ajv2020({
  strict: true,
  formats: { uri: (text: string) => URL.canParse(text) },
});
const compiled = new WeakMap<JsonObject, ValidateFunction>();

/** What is wrong with a JSON Schema, in words; undefined where nothing is. */
export function schemaProblem(schema: JsonObject): string | undefined {
  try {
    validatorOf(schema);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Where a value is not as a schema demands, and what was expected there. */
export interface PayloadProblem {
  /** Such as `payload.firmware.version`. */
  readonly path: string;
  readonly expected: string;
}

export function payloadProblem(schema: JsonObject, value: JsonValue): PayloadProblem | undefined {
  const validate = validatorOf(schema);
  if (validate(value)) return undefined;
  const [error] = validate.errors ?? [];
  const keys = (error?.instancePath ?? '').split('/').slice(1).map(unescapePointer);
  const extra: unknown = error?.params['additionalProperty'];
  const path = ['payload', ...keys, ...(typeof extra === 'string' ? [extra] : [])].join('.');
  const expected = typeof extra === 'string' ? 'is not known here' : (error?.message ?? 'differs');
  return { path, expected };
}

/** Throws RequestError naming the path at which a payload is not as a schema demands. */
export function checkPayload(schema: JsonObject | undefined, payload: JsonValue): void {
  const problem = schema && payloadProblem(schema, payload);
  if (problem) throw badInput(problem.path, problem.expected);
}

function validatorOf(schema: JsonObject): ValidateFunction {
  const known = compiled.get(schema);
  if (known) return known;
  const validate = schemas.compile(schema);
  compiled.set(schema, validate);
  return validate;
}

/** RFC 6901, section 4. */
function unescapePointer(key: string): string {
  return key.replaceAll('~1', '/').replaceAll('~0', '~');
}
