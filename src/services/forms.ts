import { z } from 'zod';

/** What the configuration gives a name to. */
export const nameForm = z
  .string()
  .regex(/^[A-Za-z][\w-]{0,63}$/, 'expected a letter, then at most 63 letters, digits, - and _');

/** Keys joined by dots, as in GraphQL's PropertyPath; in code, the list of its keys. */
export const pathForm = z
  .string()
  .refine(isPath, 'expected keys joined by dots, such as iothubDM.reboot.lastReboot, at most 10')
  .transform((text): readonly string[] => text.split('.'));

function isPath(text: string): boolean {
  const keys = text.split('.');
  return keys.length <= 10 && keys.every((key) => key !== '' && !/[\s$#]|\]\]|\p{Cc}/u.test(key));
}
