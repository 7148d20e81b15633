import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';

/** An OpenID Connect issuer on a port of this machine: real keys, discovery and JWKS. */
export interface Issuer extends AsyncDisposable {
  readonly url: string;
  /** The key that tokens are signed by from now on. */
  key: IssuerKey;
  /** What its JWKS lists. */
  listed: readonly IssuerKey[];
  /** What it answers instead, while it is set. */
  fault: ((response: ServerResponse) => void) | undefined;
  /** How often its JWKS was asked for. */
  readonly asked: number;
  /** A token of alice for `fleet`, for an hour, with these claims beside or instead. */
  token(claims?: Readonly<Record<string, unknown>>): Promise<string>;
}

export interface IssuerKey {
  readonly kid: string;
  readonly privateKey: CryptoKey;
  readonly publicJwk: JWK;
}

export const AUDIENCE = 'api://fleet';

export async function createIssuerKey(kid: string, alg = 'RS256'): Promise<IssuerKey> {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  return { kid, privateKey, publicJwk: { ...(await exportJWK(publicKey)), kid, alg } };
}

export async function startIssuer(): Promise<Issuer> {
  const first = await createIssuerKey('first');
  let asked = 0;
  const server = createServer((request: IncomingMessage, response) => {
    if (issuer.fault) return issuer.fault(response);
    const answer = (body: object) => {
      response.setHeader('content-type', 'application/json').end(JSON.stringify(body));
    };
    if (request.url === '/.well-known/openid-configuration') {
      return answer({ issuer: issuer.url, jwks_uri: `${issuer.url}/keys` });
    }
    if (request.url !== '/keys') return void response.writeHead(404).end();
    asked += 1;
    return answer({ keys: issuer.listed.map(({ publicJwk }) => publicJwk) });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;

  const issuer: Issuer = {
    url: `http://127.0.0.1:${port}`,
    key: first,
    listed: [first],
    fault: undefined,
    get asked() {
      return asked;
    },
    token(claims = {}) {
      const now = Math.floor(Date.now() / 1000);
      const standard = { iss: issuer.url, aud: AUDIENCE, sub: 'alice', exp: now + 3600 };
      const { kid, privateKey, publicJwk } = issuer.key;
      // What is undefined is left out.
      return new SignJWT({ ...standard, ...claims })
        .setProtectedHeader({ alg: publicJwk.alg ?? '', kid })
        .sign(privateKey);
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return issuer;
}
