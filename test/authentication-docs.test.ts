import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseConfigFile } from '../src/config/file.js';

const page = readFileSync('docs/authentication.md', 'utf8');

test('the file in docs/authentication.md is one, and comes to what the page says', () => {
  const [, text = ''] = /```yaml\n(.*?)```/s.exec(page) ?? [];
  const { problems, roles, claims, apiKeys } = parseConfigFile(text);

  expect(problems).toEqual([]);
  expect(Object.keys(roles)).toEqual(['viewer', 'operator', 'admin', 'technician', 'monitor']);
  expect(claims.mapping).toMatchObject({ 'acme-technicians': ['viewer', 'technician'] });
  expect(apiKeys).toMatchObject([{ id: 'prometheus', roles: ['monitor'] }]);
});

test('the claims that docs/authentication.md has for each issuer are some', () => {
  const rows = [...page.matchAll(/`(claims: \{.*?\})`/g)].map(([, text = '']) => text);

  expect(rows).toHaveLength(3);
  for (const text of rows) expect(parseConfigFile(text).problems).toEqual([]);
});
