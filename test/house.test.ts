import { cruise, type ICruiseResult } from 'dependency-cruiser';
import extractOptions from 'dependency-cruiser/config-utl/extract-depcruise-options';
import extractTypeScriptConfig from 'dependency-cruiser/config-utl/extract-ts-config';
import { describe, expect, test } from 'vitest';

describe('the house', () => {
  test('has no imports against its direction, and no cycles', async () => {
    const options = await extractOptions('./.dependency-cruiser.cjs');
    const { output } = await cruise(['src'], options, undefined, {
      tsConfig: extractTypeScriptConfig('tsconfig.json'),
    });

    const { summary, modules } = output as ICruiseResult;
    const found = summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`);
    expect(found).toEqual([]);
    expect(modules.length).toBeGreaterThan(100);
  });
});
