const ESCAPE = /\\u([0-9a-fA-F]{4})|\\(['"\\])|(''|"")/g;

/** The text that a string literal, quotes included, stands for. */
export function parseString(image: string): string {
  const quote = image.charAt(0);
  return image.slice(1, -1).replace(ESCAPE, (all, code?: string, escaped?: string) => {
    if (code !== undefined) return String.fromCharCode(Number.parseInt(code, 16));
    if (escaped !== undefined) return escaped;
    // The other kind of quote needs no doubling: there, two are two.
    return all.startsWith(quote) ? quote : all;
  });
}

/** Whether a string literal holds its own quote by doubling it, which the documentation does not list. */
export function hasDoubledQuote(image: string): boolean {
  const quote = image.charAt(0);
  return image
    .slice(1, -1)
    .replace(/\\./g, '')
    .includes(quote + quote);
}
