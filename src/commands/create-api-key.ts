import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { createApiKey, hashApiKey } from '../services/callers/api-keys.js';

/** What `twinql create-api-key` says and how it ends. */
export interface NewApiKey {
  readonly text: string;
  readonly code: 0 | 2;
}

const usage = `twinql create-api-key ID [--role ROLE]… [--days DAYS]

Makes an API key for a service. Prints the key, which is shown once, and the entry for the configuration
file (CONFIG_FILE), which holds its hash alone. The gateway admits the key when it is started with the entry.

  --role ROLE   a role it has; may be given several times (viewer)
  --days DAYS   how long it is taken, 1 to 3650 (90)
`;

const DAY = 24 * 60 * 60 * 1000;

/** Makes a key by the arguments of the command line, or says what is wrong with them. */
export function runCreateApiKey(args: readonly string[]): NewApiKey {
  const refuse = (reason: string): NewApiKey => ({ text: `${reason}\n\n${usage}`, code: 2 });
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(args);
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error));
  }
  const { values, positionals } = parsed;
  if (values.help) return { text: usage, code: 0 };
  const [id = '', ...others] = positionals;
  if (!/^[A-Za-z][\w-]{0,63}$/.test(id) || others.length > 0) {
    return refuse('ID: expected one name, a letter, then at most 63 letters, digits, - and _');
  }
  const days = Number(values.days);
  if (!(Number.isInteger(days) && days >= 1 && days <= 3650)) {
    return refuse('--days: expected a number of days, 1 to 3650');
  }
  return { text: describe(id, values.role, new Date(Date.now() + days * DAY)), code: 0 };
}

function parse(args: readonly string[]) {
  return parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      role: { type: 'string', multiple: true, default: ['viewer'] },
      days: { type: 'string', default: '90' },
      help: { type: 'boolean', short: 'h' },
    },
  });
}

function describe(id: string, roles: readonly string[], expiresAt: Date): string {
  const key = createApiKey(randomBytes);
  return `The key, to be sent as Authorization: Bearer. It cannot be shown again:

  ${key}

Its entry for the configuration file:

apiKeys:
  - id: ${id}
    sha256: ${hashApiKey(key)}
    roles: ${JSON.stringify(roles)}
    expiresAt: '${expiresAt.toISOString()}'
`;
}
