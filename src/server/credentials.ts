/** The credential of an `Authorization` header (RFC 6750), or of what stands for one. */
export function credentialIn(header: string | undefined): string | undefined {
  const text = header?.trim();
  if (!text) return undefined;
  const [, bearer] = /^bearer +(\S+)$/i.exec(text) ?? [];
  // Of another scheme: it is refused for what it is.
  return bearer ?? text;
}

/**
 * The credential in a payload of `connection_init` or `ping`, as clients commonly send it:
 * `authorization` or `Authorization`, also within `headers`, or a bare `token`.
 */
export function credentialInPayload(payload: unknown): string | undefined {
  const { headers } = membersOf(payload);
  return credentialAmong(membersOf(payload)) ?? credentialAmong(membersOf(headers));
}

function credentialAmong(members: Readonly<Record<string, unknown>>): string | undefined {
  const { authorization, Authorization, token } = members;
  return credentialIn([authorization, Authorization, token].find((one) => typeof one === 'string'));
}

function membersOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
