import { GraphQLScalarType, Kind } from 'graphql';
import { GraphQLDateTime, GraphQLJSON } from 'graphql-scalars';

/** Any JSON value, as twins and method payloads hold it. */
export const JsonScalar = new GraphQLScalarType({
  ...GraphQLJSON.toConfig(),
  name: 'JSON',
  description: 'Any JSON value: an object, a list, a string, a number, true, false or null.',
});

export const DateTimeScalar = new GraphQLScalarType({
  ...GraphQLDateTime.toConfig(),
  name: 'DateTime',
  description: 'A moment as RFC 3339 text, such as 2026-11-21T08:30:00.000Z.',
});

const expected =
  'expected keys joined by dots, such as iothubDM.reboot.lastReboot: no empty key, none with ' +
  'white space, control characters, $, # or ]], at most 10 of at most 1024 bytes';

/** The keys of a path; throws a TypeError that says what was expected. */
function parsePropertyPath(value: unknown): readonly string[] {
  const keys = typeof value === 'string' ? value.split('.') : [];
  const valid = keys.length > 0 && keys.length <= 10 && keys.every(isKey);
  if (!valid) throw new TypeError(`${JSON.stringify(value)} is not a property path; ${expected}`);
  return keys;
}

function isKey(key: string): boolean {
  return (
    key !== '' &&
    Buffer.byteLength(key) <= 1024 &&
    !/[\s$#]|\]\]|\p{Cc}/u.test(key) &&
    !key.endsWith(']')
  );
}

/** A path into a twin section; in code, the list of its keys. */
export const PropertyPath = new GraphQLScalarType<readonly string[], string>({
  name: 'PropertyPath',
  description:
    'A path into tags, desired or reported properties: keys joined by dots, such as ' +
    '`iothubDM.reboot.lastReboot`. A key holds no white space, control characters, `$`, `#`, `.` or `]]`.',
  parseValue: parsePropertyPath,
  parseLiteral: (node) => parsePropertyPath(node.kind === Kind.STRING ? node.value : undefined),
  serialize: (value) => (Array.isArray(value) ? value.join('.') : String(value)),
});
