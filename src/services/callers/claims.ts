import { isJsonObject, type JsonValue, valueAt } from '../json.js';

/** What a token says of its holder. */
export type Claims = Readonly<Record<string, unknown>>;

/** Which claims tell who somebody is, and which roles they have. */
export interface ClaimMapping {
  /** Whose value identifies a user: one that is never given to somebody else. */
  readonly id: string;
  /** Whose values name roles. */
  readonly roles: readonly string[];
  /** Roles by value. Absent: a value is the name of a role. */
  readonly mapping?: Readonly<Record<string, readonly string[]>> | undefined;
}

export const defaultClaims: ClaimMapping = { id: 'sub', roles: ['roles'] };

/** The claim of a name, which may have dots in it (`https://fleet.example/roles`), else at a path (`realm_access.roles`). */
export function claimAt(claims: Claims, name: string): JsonValue | undefined {
  if (Object.hasOwn(claims, name)) return claims[name] as JsonValue;
  return isJsonObject(claims) ? valueAt(claims, name.split('.')) : undefined;
}

/** The names of the roles that claims come to. What names none is passed over. */
export function rolesIn(claims: Claims, { roles, mapping }: ClaimMapping): readonly string[] {
  const values = roles.flatMap((name) => textsOf(claimAt(claims, name)));
  const named = values.flatMap((value) => {
    if (mapping === undefined) return [value];
    return Object.hasOwn(mapping, value) ? (mapping[value] ?? []) : [];
  });
  return [...new Set(named)];
}

function textsOf(value: JsonValue | undefined): readonly string[] {
  const values: readonly (JsonValue | undefined)[] = Array.isArray(value) ? value : [value];
  return values.filter((one) => typeof one === 'string');
}
