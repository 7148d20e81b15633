import type { IncomingMessage } from 'node:http';

const loopbackNames = ['localhost', '127.0.0.1', '[::1]'];

/**
 * Why a request is turned away, or undefined. Any web page can make a browser talk to a loopback
 * port: so the Host must be ours (against rebinding of foreign names) and an Origin, if there is
 * one, must be ours or allowed. Holds for WebSockets too, which browsers open across origins.
 */
export function refusalReason(
  { headers }: Pick<IncomingMessage, 'headers'>,
  { host, corsOrigins }: { readonly host: string; readonly corsOrigins: readonly string[] },
): string | undefined {
  const own = `http://${headers.host ?? ''}`;
  if (!URL.canParse(own) || ![...loopbackNames, host].includes(new URL(own).hostname)) {
    return 'the Host header does not name this gateway';
  }
  const { origin } = headers;
  if (origin === undefined || origin === new URL(own).origin || corsOrigins.includes(origin)) {
    return undefined;
  }
  return `requests from ${origin} are not allowed; name it in CORS_ORIGINS if they should be`;
}
