import type { GraphQLObjectType, GraphQLSchema } from 'graphql';
import { permissions } from '../../src/services/access.js';
import { doors, guarded, roles } from './matrix.js';

/** docs/permissions.md: what each role may, as the matrix of the tests has it. */
export function formatPermissions(schema: GraphQLSchema): string {
  return `# Permissions

What a caller may do is a list of permissions, \`resource:action\`, which come from roles ([authentication.md](authentication.md)
says how callers get roles, and how to make roles of your own). This page is generated from the matrix by which a test tries every
field of the schema with every role: who may not is given no data, and the hub is not asked.

## What there is to ask for

${table(
  ['', 'needs', ...roles],
  Object.entries(doors).map(([name, { may }]) => [
    `\`${name}\``,
    needs(schema, name),
    ...roles.map((role) => mark(may.includes(role))),
  ]),
)}

*inherited*: whoever is let in. \`repeatOperation\` and \`runAction\` need the permission of the action, too: \`device:reboot\`,
\`device:wipe\`, \`device:update\` or \`method:invoke\`.

## What needs more than the object that it stands in

Where one may see an object, one may see all of it, but for these. What gives an \`Operation\`, a \`Device\` or another object whose
type has a permission of its own needs that, too.

${table(
  ['field', 'needs', ...roles],
  Object.entries(guarded).map(([name, may]) => [
    `\`${name}\``,
    needs(schema, name),
    ...roles.map((role) => mark(may.includes(role))),
  ]),
)}

\`GET /metrics\` needs \`metrics:read\` and \`GET /audit.jsonl\` \`audit:read\`, which of these roles admin alone has.

## All permissions

${permissions.map((permission) => `\`${permission}\``).join(' ')}
`;
}

function needs(schema: GraphQLSchema, name: string): string {
  const [typeName = '', fieldName = ''] = name.split('.');
  const type = schema.getType(typeName) as GraphQLObjectType;
  const rule =
    type.getFields()[fieldName]?.extensions['permission'] ?? type.extensions['permission'];
  return rule === 'inherited' ? '*inherited*' : `\`${rule}\``;
}

function mark(may: boolean): string {
  return may ? '✓' : '';
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(heads), `|${'---|'.repeat(heads.length)}`, ...rows.map(line)].join('\n');
}
