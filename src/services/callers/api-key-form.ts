import { z } from 'zod';
import { nameForm } from '../forms.js';
import type { ApiKey } from './api-keys.js';

/** The API keys of the configuration file. */
export const apiKeyListForm: z.ZodType<ApiKey[]> = z
  .array(
    z.strictObject({
      id: nameForm,
      sha256: z
        .string()
        .regex(/^[0-9a-f]{64}$/, 'expected the hash that twinql create-api-key printed'),
      roles: z.array(z.string(), 'expected a list of roles').min(1, 'expected at least one role'),
      expiresAt: z.iso
        .datetime({ offset: true, error: 'expected a time such as 2027-11-21T08:30:00Z' })
        .transform((text) => new Date(text)),
    }),
  )
  .superRefine((keys, context) => {
    for (const name of ['id', 'sha256'] as const) {
      keys.forEach((key, index) => {
        const first = keys.findIndex((other) => other[name] === key[name]);
        if (first === index) return;
        const message = `it is that of apiKeys[${first}]; expected another`;
        context.addIssue({ code: 'custom', path: [index, name], message });
      });
    }
  });
