import { readFileSync } from 'node:fs';
import { afterAll, describe, test } from 'vitest';
import { areas } from './checks.js';
import { missingFor, runCheck } from './run.js';
import { createSession } from './support/hub.js';
import { parseTarget, type Target } from './support/target.js';

const target = readTarget(process.env);
const session = createSession(target);
afterAll(() => session.close());

describe.each(areas)('$title', ({ checks }) => {
  for (const check of checks) {
    const missing = missingFor(check, target);
    const title = `${check.id} ${check.level} ${check.sentence}`;
    if (missing.length > 0) {
      test.todo(`${title} [needs ${missing.join(', ')}]`);
      continue;
    }
    test(title, async () => {
      const { error } = await runCheck(session, check);
      if (error !== undefined) throw error;
    });
  }
});

/**
 * IOTHUB_CONNECTION_STRING is a policy with all rights. Further variables are needed only by some
 * checks, or by hubs that are not on the standard ports.
 */
function readTarget(env: Readonly<Record<string, string | undefined>>): Target {
  const connectionString = env['IOTHUB_CONNECTION_STRING'];
  if (connectionString === undefined) throw new Error('IOTHUB_CONNECTION_STRING is not set');
  const { doors } = parseTarget(connectionString);
  const policyKeys = env['IOTHUB_POLICY_KEYS'];
  const caFile = env['IOTHUB_CA_FILE'];
  const bearerToken = env['IOTHUB_BEARER_TOKEN'];
  return parseTarget(connectionString, {
    doors: {
      https: doors.https,
      mqtt: Number(env['IOTHUB_MQTT_PORT'] ?? doors.mqtt),
      amqp: Number(env['IOTHUB_AMQP_PORT'] ?? doors.amqp),
    },
    ...(caFile === undefined ? {} : { ca: readFileSync(caFile, 'utf8') }),
    ...(bearerToken === undefined ? {} : { bearerToken }),
    ...(policyKeys === undefined ? {} : { policyKeys: parseKeys(policyKeys) }),
  });
}

/** `service=KEY,device=KEY,…` */
function parseKeys(text: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    text.split(',').map((entry) => {
      const equals = entry.indexOf('=');
      return [entry.slice(0, equals), entry.slice(equals + 1)];
    }),
  );
}
