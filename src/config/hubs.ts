import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { hubName, parseConnectionString, parseHost } from '../services/hub/connection-string.js';
import { type Tier, tiers } from '../services/hub/throttles.js';

export type Environment = Readonly<Record<string, string | undefined>>;

export const unitsExpected = 'expected a number of units, 1 to 200';
export const shareExpected = 'expected a share above 0, at most 1';

/** What a hub permits, and how much of it the gateway may use. */
export const tierForm = z.enum(
  tiers,
  `expected one of ${tiers.join(', ')}; basic tiers have no twins`,
);
export const unitsForm = z
  .number(unitsExpected)
  .int(unitsExpected)
  .min(1, unitsExpected)
  .max(200, unitsExpected);
export const shareForm = z.number(shareExpected).gt(0, shareExpected).max(1, shareExpected);

/** What is wrong with a service connection string; undefined: nothing. Never repeats it. */
export function connectionStringProblem(text: string): string | undefined {
  try {
    parseConnectionString(text);
    return undefined;
  } catch (error) {
    const reason = error instanceof Error ? error.message : '';
    return `${reason}; expected HostName=…;SharedAccessKeyName=…;SharedAccessKey=… of a shared access policy of the hub`;
  }
}

/** What is wrong with a host name; undefined: nothing. Not repeated: it may be a secret at the wrong place. */
export function hostnameProblem(text: string): string | undefined {
  return parseHost(text) ? undefined : 'expected a host name such as pumps.azure-devices.net';
}

/** Reads an authority's certificate. */
export function readPem(file: string | undefined, context: z.RefinementCtx): string | undefined {
  if (file === undefined) return undefined;
  try {
    const text = readFileSync(file, 'utf8');
    if (text.includes('-----BEGIN CERTIFICATE-----')) return text;
    context.addIssue({ code: 'custom', message: `${file} holds no PEM certificate` });
  } catch (error) {
    // Without the name that follows: it may be a secret in the wrong variable.
    const [reason] = (error instanceof Error ? error.message : String(error)).split(', ');
    context.addIssue({ code: 'custom', message: `it cannot be read: ${reason}` });
  }
  return z.NEVER;
}

/** A hub as the configuration file has it. */
export interface HubEntry {
  readonly access: { readonly connectionString: string } | { readonly hostname: string };
  /** PEM. */
  readonly ca: string | undefined;
  /** What is left out is as for the hub of the environment. */
  readonly budget: {
    readonly tier?: Tier | undefined;
    readonly units?: number | undefined;
    readonly share?: number | undefined;
  };
}

const ways = ['connectionString', 'connectionStringEnv', 'hostname'] as const;

/** The hubs of the configuration file; secrets are best left in the environment. */
export function hubListForm(environment: Environment): z.ZodType<HubEntry[]> {
  const hub = z
    .strictObject({
      connectionString: z.string().optional(),
      /** Names the environment variable that holds it. */
      connectionStringEnv: z.string().optional(),
      /** By Microsoft Entra ID. */
      hostname: z.string().optional(),
      caFile: z.string().optional().transform(readPem),
      tier: tierForm.optional(),
      units: unitsForm.optional(),
      share: shareForm.optional(),
    })
    .transform((entry, context): HubEntry => {
      const { connectionString, connectionStringEnv, hostname, caFile: ca, ...budget } = entry;
      const [way, ...more] = ways.filter((name) => entry[name] !== undefined);
      const refuse = (message: string, path: readonly string[] = []): never => {
        context.addIssue({ code: 'custom', message, path: [...path] });
        return z.NEVER;
      };
      if (way === undefined || more.length > 0) return refuse(`expected one of ${ways.join(', ')}`);
      if (hostname !== undefined) {
        const problem = hostnameProblem(hostname);
        return problem ? refuse(problem, [way]) : { access: { hostname }, ca, budget };
      }
      const text = connectionString ?? environment[connectionStringEnv ?? ''];
      if (text === undefined) return refuse('the environment has no such variable', [way]);
      const problem = connectionStringProblem(text);
      if (problem) return refuse(problem, [way]);
      return { access: { connectionString: text }, ca, budget };
    });
  // Piped: names are compared only where every hub is well formed.
  return z.array(hub).pipe(z.array(z.custom<HubEntry>()).superRefine(checkNames));
}

/** A hub's name is part of the id of each of its devices. */
function checkNames(hubs: readonly HubEntry[], context: z.RefinementCtx): void {
  const seen = new Map<string, number>();
  hubs.forEach(({ access }, index) => {
    const at =
      'hostname' in access
        ? parseHost(access.hostname)
        : parseConnectionString(access.connectionString);
    const name = at ? hubName(at) : '';
    const first = seen.get(name);
    seen.set(name, first ?? index);
    if (first === undefined) return;
    const message = `it has the name of hubs[${first}], '${name}'; names must differ`;
    context.addIssue({ code: 'custom', message, path: [index] });
  });
}
