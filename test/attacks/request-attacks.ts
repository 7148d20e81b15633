/** A request that asks for too much, the same over HTTP, WebSocket and server-sent events. */
export interface RequestAttack {
  readonly id: string;
  /** What is sent. */
  readonly sent: string;
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
  /** The code of the refusal; null where it is answered, as what it asks for is not too much. */
  readonly code: string | null;
  /** Of REQUEST_TOO_COMPLEX: which limit. */
  readonly limit?: string;
}

const times = (count: number, text: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => text(index)).join(' ');

/** Fragments of which each spreads the next, so often; the last one does not. */
const chain = (length: number, selection: (next: string) => string) =>
  times(length, (index) => {
    const next = index + 1 === length ? '__typename' : `...F${index + 1}`;
    return `fragment F${index} on Operation { ${selection(next)} }`;
  });

const startAt = '{ operation(id: "x") { ...F0 } }';

const nested = (depth: number, [open, close]: readonly [string, string], core = '') =>
  `${open.repeat(depth)}${core}${close.repeat(depth)}`;

function nestedFilter(depth: number): object {
  let filter: object = {};
  for (let level = 0; level < depth; level += 1) filter = { not: filter };
  return filter;
}

const tooComplex = (limit: string) => ({ code: 'REQUEST_TOO_COMPLEX', limit });
const invalid = { code: 'GRAPHQL_VALIDATION_FAILED' };
const countDevices = 'query ($where: DeviceFilter) { deviceCounts(where: $where) { total } }';

export const requestAttacks: readonly RequestAttack[] = [
  {
    id: 'alias-flood',
    sent: 'one field 300 times, under 300 aliases',
    query: `{ ${times(300, (index) => `a${index}: device(id: "x") { id }`)} }`,
    ...tooComplex('aliases'),
  },
  {
    id: 'alias-flood-large',
    sent: 'one field 20,000 times, under 20,000 aliases',
    query: `{ ${times(20_000, (index) => `a${index}: hubs { name }`)} }`,
    ...tooComplex('tokens'),
  },
  {
    id: 'mutation-flood',
    sent: '60 mutations in one request',
    query: `mutation { ${times(60, (index) => `a${index}: rebootDevice(input: {deviceId: "x"}) { started }`)} }`,
    ...tooComplex('rootFields'),
  },
  {
    id: 'deep-selection',
    sent: '100,000 selections within each other',
    query: nested(100_000, ['{a', '}']),
    ...tooComplex('nesting'),
  },
  {
    id: 'deep-list',
    sent: '100,000 lists within each other in an argument',
    query: `{ query(sql: ${nested(100_000, ['[', ']'])}) { rows } }`,
    ...tooComplex('nesting'),
  },
  {
    id: 'deep-object',
    sent: '100,000 objects within each other in an argument',
    query: `{ deviceCounts(where: ${nested(100_000, ['{not:', '}'], '1')}) { total } }`,
    ...tooComplex('nesting'),
  },
  {
    id: 'deep-type',
    sent: '100,000 lists within each other in the type of a variable',
    query: `query ($x: ${nested(100_000, ['[', ']'], 'Int')}) { __typename }`,
    ...tooComplex('nesting'),
  },
  {
    id: 'unclosed',
    sent: '500,000 brackets that nothing closes',
    query: '{'.repeat(500_000),
    ...tooComplex('nesting'),
  },
  {
    id: 'deep-valid',
    sent: 'an operation, its device, that one’s operation, and so on, 30 deep',
    query: `{ operation(id: "x") { ${nested(15, ['device { operation { ', '} }'], 'id ')} } }`,
    ...tooComplex('depth'),
  },
  {
    id: 'deep-fragments',
    sent: '60 fragments of which each goes deeper by the next',
    query: `${startAt} ${chain(60, (next) => `device { operation { ${next} } }`)}`,
    ...tooComplex('depth'),
  },
  {
    id: 'doubling-fragments',
    sent: '60 fragments of which each uses the next twice: 2⁶⁰ fields',
    query: `${startAt} ${chain(60, (next) => `id ${next} ${next}`)}`,
    ...tooComplex('fields'),
  },
  {
    id: 'fragment-flood',
    sent: '200 fragments',
    query: `{ __typename } ${times(200, (index) => `fragment F${index} on Hub { name }`)}`,
    ...tooComplex('fragments'),
  },
  {
    id: 'circular-fragment',
    sent: 'a fragment that uses itself',
    query: `${startAt} fragment F0 on Operation { id ...F0 }`,
    ...invalid,
  },
  {
    id: 'circular-fragments',
    sent: 'three fragments that use each other, each twice and deeper',
    query: `${startAt} ${['F0 F1', 'F1 F2', 'F2 F0'].map((pair) => {
      const [one, next] = pair.split(' ');
      return `fragment ${one} on Operation { ...${next} device { operation { ...${next} } } }`;
    })}`.replaceAll(',', ' '),
    ...invalid,
  },
  {
    id: 'directive-flood',
    sent: 'one field with 1,000 directives',
    query: `{ __typename ${times(1_000, () => '@skip(if: false)')} }`,
    ...tooComplex('directives'),
  },
  {
    id: 'repeated-field',
    sent: 'one field 1,900 times, to be compared pair by pair',
    query: `{ hubs { ${times(1_900, () => 'name')} } }`,
    ...invalid,
  },
  {
    id: 'conflicting-fields',
    sent: '90 aliases that mean two fields each, to be compared pair by pair',
    query: `{ hubs { ${times(45, (index) => `a${index % 3}: name a${index % 3}: tier`)} } }`,
    ...invalid,
  },
  {
    id: 'unknown-fields',
    sent: '1,500 fields that do not exist, each to be compared with those that do',
    query: `{ hubs { ${times(1_500, (index) => `nane${index}`)} } }`,
    ...invalid,
  },
  {
    id: 'huge-list',
    sent: 'a list of 100,000 in an argument',
    query: `{ device(id: "x") { reportedProperties(paths: [${times(100_000, () => '"a"')}]) { value } } }`,
    ...tooComplex('tokens'),
  },
  {
    id: 'huge-list-in-variables',
    sent: 'a list of 200,000 in the variables',
    query: countDevices,
    variables: { where: { and: Array.from({ length: 200_000 }, () => ({})) } },
    ...tooComplex('variableValues'),
  },
  {
    id: 'deep-variables',
    sent: 'a filter of 1,000 `not` within each other in the variables',
    query: countDevices,
    variables: { where: nestedFilter(1_000) },
    ...tooComplex('variableDepth'),
  },
  {
    id: 'wrong-variables',
    sent: '10,000 values of the wrong type in the variables',
    query: countDevices,
    variables: { where: { and: Array.from({ length: 10_000 }, () => 'x') } },
    code: 'BAD_USER_INPUT',
  },
  {
    id: 'prototype-names',
    sent: 'names of what every object has, as fields and arguments',
    query: '{ constructor __proto__ toString(hasOwnProperty: 1) { valueOf } }',
    ...invalid,
  },
  {
    id: 'ignored-characters',
    sent: 'a document of 900,000 commas and one field',
    query: `{ __typename ${','.repeat(900_000)} }`,
    code: null,
  },
  {
    id: 'introspection-recursion',
    sent: 'fields of types of fields of types …, 5 times',
    query: `{ __schema { types { ${nested(5, ['fields { type { ', '} }'], 'name ')} } } }`,
    ...tooComplex('complexity'),
  },
  {
    id: 'costly-pages',
    sent: 'five pages of 100 devices, with all keys of all their modules',
    query: `{ ${times(5, (index) => `p${index}: devices(first: 100) { nodes { modules { accessKeys { primary { key } } } } }`)} }`,
    ...tooComplex('complexity'),
  },
  {
    id: 'costly-page-by-variable',
    sent: 'the same, with the size of the pages in a variable',
    query: `query ($n: Int!) { ${times(5, (index) => `p${index}: devices(first: $n) { nodes { modules { accessKeys { primary { key } } } } }`)} }`,
    variables: { n: 100 },
    ...tooComplex('complexity'),
  },
  {
    id: 'overflowing-number',
    sent: 'a page of 10³⁰⁰ devices',
    query: `{ devices(first: 1${'0'.repeat(300)}) { nodes { id } } }`,
    ...invalid,
  },
];
