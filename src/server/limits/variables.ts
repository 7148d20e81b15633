import { tooComplex } from '../front-errors.js';
import { fixedLimits } from './limits.js';

/**
 * Throws Refusal where variables hold more, or hold it deeper, than anyone needs. Not by recursion:
 * JSON may be as deep as it is long, and what comes after this reads it by recursion.
 */
export function checkVariables(variables: unknown): void {
  let level = [variables];
  let values = 0;
  for (let depth = 0; level.length > 0; depth += 1) {
    values += level.length;
    if (depth > fixedLimits.variableDepth) {
      throw tooComplex('variableDepth', depth, fixedLimits.variableDepth);
    }
    if (values > fixedLimits.variableValues) {
      throw tooComplex('variableValues', values, fixedLimits.variableValues);
    }
    level = level.flatMap(partsOf);
  }
}

function partsOf(value: unknown): unknown[] {
  return typeof value === 'object' && value !== null ? Object.values(value) : [];
}
