import type { IncomingMessage } from 'node:http';

const loopbackNames = ['localhost', '127.0.0.1', '[::1]'];

/** Who we are to browsers. */
export interface Site {
  readonly host: string;
  readonly corsOrigins: readonly string[];
  /** Whether any name may lead to us. */
  readonly anyHost?: boolean;
}

/**
 * Why a request is turned away, or undefined. Any web page can make a browser talk to a loopback
 * port: so the Host must be ours (against rebinding of foreign names) and an Origin, if there is
 * one, must be ours or allowed. Holds for WebSockets too, which browsers open across origins.
 * Where a request must show a credential that no browser adds by itself, a foreign name leads to
 * nothing, so that any Host may; behind what ends TLS, ours is then of https, too.
 */
export function refusalReason(
  { headers }: Pick<IncomingMessage, 'headers'>,
  { host, corsOrigins, anyHost = false }: Site,
): string | undefined {
  const own = `http://${headers.host ?? ''}`;
  const names = [...loopbackNames, host];
  if (!URL.canParse(own) || !(anyHost || names.includes(new URL(own).hostname))) {
    return 'the Host header does not name this gateway';
  }
  const { origin } = headers;
  const ours = [own, ...(anyHost ? [`https://${headers.host}`] : [])];
  if (origin === undefined || corsOrigins.includes(origin)) return undefined;
  if (ours.some((url) => origin === new URL(url).origin)) return undefined;
  return `requests from ${origin} are not allowed; name it in CORS_ORIGINS if they should be`;
}
