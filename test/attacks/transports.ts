import type { FormattedExecutionResult } from 'graphql';
import { createClient as createSseClient } from 'graphql-sse';
import { createClient as createWsClient } from 'graphql-ws';
import WebSocket from 'ws';

export interface Asked {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>> | undefined;
}

/** A way to ask for one result. */
export interface Transport {
  readonly name: string;
  readonly execute: (url: string, asked: Asked) => Promise<FormattedExecutionResult>;
}

export const overHttp: Transport = {
  name: 'HTTP',
  async execute(url, asked) {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(asked),
    });
    return (await response.json()) as FormattedExecutionResult;
  },
};

export const overWebSocket: Transport = {
  name: 'WebSocket',
  async execute(url, asked) {
    const client = createWsClient({
      url: `${url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      retryAttempts: 0,
    });
    try {
      return await new Promise((resolve, reject) => {
        client.subscribe(mutable(asked), {
          next: (result) => resolve(result as FormattedExecutionResult),
          error: (errors) => (Array.isArray(errors) ? resolve({ errors }) : reject(errors)),
          complete: () => {},
        });
      });
    } finally {
      await client.dispose();
    }
  },
};

export const overEventStream: Transport = {
  name: 'server-sent events',
  async execute(url, asked) {
    const client = createSseClient({ url: `${url}/graphql/stream`, retryAttempts: 0 });
    try {
      for await (const result of client.iterate(mutable(asked))) {
        return result as FormattedExecutionResult;
      }
      throw new Error('there was no result');
    } finally {
      client.dispose();
    }
  },
};

export const transports: readonly Transport[] = [overHttp, overWebSocket, overEventStream];

function mutable({ query, variables }: Asked): {
  query: string;
  variables?: Record<string, unknown>;
} {
  return { query, ...(variables && { variables: { ...variables } }) };
}
