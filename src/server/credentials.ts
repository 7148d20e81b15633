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
  if (typeof payload !== 'object' || payload === null) return undefined;
  const { authorization, Authorization, token, headers } = payload as Record<string, unknown>;
  const text = [authorization, Authorization, token].find((value) => typeof value === 'string');
  return credentialIn(text) ?? credentialInPayload(headers);
}
