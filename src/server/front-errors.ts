import type { ErrorMeaning } from '../services/errors.js';

/** Codes beside those of the services: what is wrong with a request before it reaches them. */
export const frontErrors = {
  GRAPHQL_PARSE_FAILED: {
    means: 'The document is no GraphQL.',
    remedy: 'The message and `locations` say where it goes wrong.',
  },
  GRAPHQL_VALIDATION_FAILED: {
    means:
      'The document asks for what the schema does not have, or for the schema where that is not told.',
    remedy: 'Compare it with schema.graphql.',
  },
  OPERATION_RESOLUTION_FAILURE: {
    means: 'The document has several operations, or none of the name that was given.',
    remedy: 'Give `operationName`.',
  },
  BAD_REQUEST: {
    means: 'The HTTP request is none of GraphQL: its body, its content type or its method.',
    remedy: 'POST JSON with a `query`, as `application/json`.',
  },
  REQUEST_TOO_COMPLEX: {
    means:
      'The request asks for more than one may: `extensions` has the `limit`, its `bound`, and the `value` or what was counted until then.',
    remedy: 'Ask for less at once, in several requests or smaller pages; [limits.md](limits.md).',
  },
  RATE_LIMITED: {
    means: 'You, or your address, ask more often than anyone may.',
    remedy: 'Wait for `extensions.retryAfterSeconds`, then ask less often.',
  },
  TOO_MANY_SUBSCRIPTIONS: {
    means: 'You, or your socket, have as many subscriptions open as anyone may.',
    remedy: 'Complete some; a subscription may select several things.',
  },
  OVERLOADED: {
    means: 'The gateway has more to do than it can do in time. Nothing was begun.',
    remedy: 'Wait for `extensions.retryAfterSeconds`, longer each time.',
  },
  INTERNAL_SERVER_ERROR: {
    means: 'A fault of the gateway.',
    remedy: 'Its log says why; please report it.',
  },
} as const satisfies Readonly<Record<string, ErrorMeaning>>;

export type FrontErrorCode = keyof typeof frontErrors;

/** What is told beside the message. */
export interface RefusalDetails {
  /** Which limit, what it allows, and what was asked for. */
  readonly limit?: string;
  readonly bound?: number;
  readonly value?: number;
  /** When to try again. */
  readonly retryAfterSeconds?: number;
}

/** A request that is turned away before anything is done for it. Clients see all of it. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: FrontErrorCode;
  readonly details: RefusalDetails;

  constructor(code: FrontErrorCode, message: string, details: RefusalDetails = {}) {
    super(message);
    this.code = code;
    this.details = details;
  }
}

/** A request that is beyond a limit of what one may ask for. */
export function tooComplex(limit: string, value: number, bound: number): Refusal {
  const message = `${limit}: ${value}, of at most ${bound}; ask for less at once`;
  return new Refusal('REQUEST_TOO_COMPLEX', message, { limit, value, bound });
}
