import { registerEnumType } from 'type-graphql';

/**
 * Registers a GraphQL enum from the descriptions of its values, and gives the object that stands
 * for it in decorators. `Value` ties it to the union of the same name in the services.
 */
export function describedEnum<Value extends string>(
  name: string,
  description: string,
  values: Readonly<Record<Value, string>>,
): Readonly<Record<Value, Value>> {
  const entries = Object.entries<string>(values);
  const enumeration = Object.fromEntries(entries.map(([value]) => [value, value]));
  const valuesConfig = Object.fromEntries(
    entries.map(([value, text]) => [value, { description: text }]),
  );
  registerEnumType(enumeration, { name, description, valuesConfig });
  return enumeration as Readonly<Record<Value, Value>>;
}
