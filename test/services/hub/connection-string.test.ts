import { describe, expect, it } from 'vitest';
import { parseConnectionString } from '../../../src/services/hub/connection-string.js';
import { secretKey } from '../support/bare-hub.js';

const tail = `SharedAccessKeyName=iothubowner;SharedAccessKey=${secretKey}`;

describe('a service connection string', () => {
  it.each([
    ['pumps.azure-devices.net', 'pumps.azure-devices.net', 443],
    ['localhost:8443', 'localhost', 8443],
    ['127.0.0.1:1', '127.0.0.1', 1],
    ['[::1]:65535', '[::1]', 65535],
    ['[::1]', '[::1]', 443],
  ])('for %s is taken apart', (host, hostname, port) => {
    expect(parseConnectionString(`HostName=${host};${tail}`)).toEqual({
      host,
      hostname,
      port,
      policy: 'iothubowner',
      key: secretKey,
    });
  });

  it('may stand in any order, with spaces and an empty part', () => {
    const text = ` SharedAccessKey=${secretKey} ; SharedAccessKeyName=a b ;; HostName=h ;`;

    expect(parseConnectionString(text)).toMatchObject({ policy: 'a b', key: secretKey, host: 'h' });
  });

  it.each([
    ['', 'it lacks HostName and SharedAccessKeyName and SharedAccessKey'],
    [secretKey, 'it lacks HostName and SharedAccessKeyName and SharedAccessKey'],
    [tail, 'it lacks HostName'],
    [`HostName=;${tail}`, 'it lacks HostName'],
    [`hostname=h;${tail}`, 'it lacks HostName'],
    [`HostName=h;SharedAccessKey=${secretKey}`, 'it lacks SharedAccessKeyName'],
    [
      `HostName=h;DeviceId=d1;SharedAccessKey=${secretKey}`,
      "it lacks SharedAccessKeyName (this is a device connection string; take one of the hub's shared access policies)",
    ],
    [`HostName=https://h/;${tail}`, 'its HostName is not a host name with an optional port'],
    [`HostName=h/${secretKey};${tail}`, 'its HostName is not a host name with an optional port'],
    [`HostName=h:0;${tail}`, 'its HostName is not a host name with an optional port'],
    [`HostName=h:65536;${tail}`, 'its HostName is not a host name with an optional port'],
    [`HostName=h:x;${tail}`, 'its HostName is not a host name with an optional port'],
    [`HostName=::1;${tail}`, 'its HostName is not a host name with an optional port'],
    [
      `HostName=h;SharedAccessKeyName=a;SharedAccessKey=${secretKey}!`,
      'its SharedAccessKey is not base64',
    ],
  ])('such as %s says what is wrong with it, and not what it holds', (text, message) => {
    const parse = () => parseConnectionString(text);

    expect(parse).toThrow(new Error(message));
    expect(message).not.toContain(secretKey);
  });
});
