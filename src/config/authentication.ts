import { z } from 'zod';
import type { ApiKey } from '../services/callers/api-keys.js';
import { bindClaims } from '../services/callers/claim-values.js';
import type { ClaimMapping } from '../services/callers/claims.js';
import { secureUrlProblem } from '../services/callers/issuer-keys.js';
import type { Roles } from '../services/callers/roles.js';
import type { TokenTerms } from '../services/callers/tokens.js';

/** Whose access tokens are taken, and how pages get one. */
export interface TokenConfig extends TokenTerms {
  /** As whom pages sign in, by PKCE. */
  readonly clientId: string | undefined;
  /** What they ask for. */
  readonly scopes: readonly string[];
}

const url = z
  .string()
  .optional()
  .superRefine((text, context) => {
    const problem = text === undefined ? undefined : secureUrlProblem(text);
    if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
  });

/** The variables by which people sign in. */
export const authenticationVariables = {
  AUTH_ISSUER: url,
  AUTH_AUDIENCE: z.string().optional(),
  AUTH_JWKS_URI: url,
  AUTH_CLIENT_ID: z.string().optional(),
  AUTH_SCOPES: z.string().default('openid'),
};

type Variables = z.infer<z.ZodObject<typeof authenticationVariables>>;

/** What is wrong with the variables together, one line each. */
export function authenticationProblems(
  given: Readonly<Record<string, string | undefined>>,
): readonly string[] {
  const { AUTH_ISSUER, AUTH_AUDIENCE } = given;
  if (AUTH_ISSUER !== undefined) {
    if (AUTH_AUDIENCE !== undefined) return [];
    return [
      'AUTH_AUDIENCE: it is missing; expected what the tokens are for (their claim aud), as else those for anything else would be taken',
    ];
  }
  return Object.keys(authenticationVariables)
    .filter((variable) => variable !== 'AUTH_ISSUER' && given[variable] !== undefined)
    .map((variable) => `${variable}: it says nothing without AUTH_ISSUER; set that, too`);
}

/** Whose tokens are taken; undefined: nobody's. */
export function toTokenConfig(env: Variables): TokenConfig | undefined {
  const { AUTH_ISSUER: issuer, AUTH_AUDIENCE = '', AUTH_JWKS_URI: jwksUri } = env;
  if (issuer === undefined) return undefined;
  const { AUTH_CLIENT_ID: clientId, AUTH_SCOPES: scopes } = env;
  const audiences = AUTH_AUDIENCE.split(',')
    .map((audience) => audience.trim())
    .filter((audience) => audience !== '');
  return { issuer, audiences, jwksUri, clientId, scopes: scopes.trim().split(/\s+/) };
}

/** What the sections of the configuration file say of callers. */
export interface CallerSections {
  readonly roles: Roles;
  readonly claims: ClaimMapping;
  readonly apiKeys: readonly ApiKey[];
}

/** Keys and claims that name roles which are not there, or which can grant them nothing. */
export function checkRoleNames(
  { roles, claims, apiKeys }: CallerSections,
  context: z.RefinementCtx,
): void {
  const refuse = (path: readonly PropertyKey[], message: string) =>
    context.addIssue({ code: 'custom', path: [...path], message });
  const check = (name: string, path: readonly PropertyKey[]) => {
    if (Object.hasOwn(roles, name)) return roles[name];
    refuse(path, `there is no such role; expected some of ${Object.keys(roles).join(', ')}`);
    return undefined;
  };
  for (const [value, names] of Object.entries(claims.mapping ?? {})) {
    for (const name of names) check(name, ['claims', 'mapping', value]);
  }
  apiKeys.forEach(({ roles: names }, index) => {
    names.forEach((name, at) => {
      const path = ['apiKeys', index, 'roles', at];
      const scope = check(name, path)?.scope;
      if (scope && !bindClaims(scope, {})) {
        refuse(path, 'its scope depends on a claim, and API keys have no claims');
      }
    });
  });
}
