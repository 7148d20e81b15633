/** The condition under which a write may happen. */
export type IfMatch =
  | { readonly kind: 'none' }
  | { readonly kind: 'any' }
  | { readonly kind: 'etag'; readonly etag: string };

/** SDKs quote the star and some quote twice; a weak tag is taken as a strong one. */
export function parseIfMatch(header: string | undefined): IfMatch {
  if (header === undefined || header.trim() === '') return { kind: 'none' };
  const etag = header
    .trim()
    .replace(/^W\//, '')
    .replace(/^"+|"+$/g, '');
  return etag === '*' ? { kind: 'any' } : { kind: 'etag', etag };
}

export function isMet(condition: IfMatch, etag: string): boolean {
  return condition.kind !== 'etag' || condition.etag === etag;
}
