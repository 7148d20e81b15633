import { createHmac } from 'node:crypto';

export interface SasOptions {
  /** When it ends, in seconds since 1970. Default in an hour. */
  readonly expiry?: number;
  /** The policy whose key signs. */
  readonly policy?: string;
  /** `sr` as it is to be sent; default the resource, percent-encoded. */
  readonly sr?: string;
}

/** A token as "Control access to IoT Hub by using shared access signatures" describes it. */
export function signToken(resource: string, key: string, options: SasOptions = {}): string {
  const { expiry = Math.ceil(Date.now() / 1000) + 3600, policy } = options;
  const sr = options.sr ?? encodeURIComponent(resource);
  const signature = createHmac('sha256', Buffer.from(key, 'base64'))
    .update(`${sr}\n${expiry}`)
    .digest('base64');
  const skn = policy === undefined ? '' : `&skn=${policy}`;
  return `SharedAccessSignature sr=${sr}&sig=${encodeURIComponent(signature)}&se=${expiry}${skn}`;
}
