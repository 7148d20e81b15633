/** What an operation of a document is; `unknown` where the document is malformed. */
export type RequestType = 'query' | 'mutation' | 'subscription' | 'unknown';

/** An answer over HTTP. */
export interface HttpAnswer {
  /** As it is registered, such as `/graphql`; `other` for what is none. */
  readonly route: string;
  readonly status: number;
  readonly seconds: number;
}

/** A GraphQL request that was answered, or a subscription that stands, over any transport. */
export interface GraphqlRequest {
  readonly type: RequestType;
  /** The codes of its errors. */
  readonly codes: readonly string[];
  readonly seconds: number;
}

/** A root field that was resolved. */
export interface ResolvedField {
  readonly type: Exclude<RequestType, 'unknown'>;
  readonly field: string;
  /** `OK`, or the code of the error. */
  readonly outcome: string;
  readonly seconds: number;
}

/** Told of what the front does. Must return at once and not throw. */
export interface FrontObserver {
  onHttpAnswer(answer: HttpAnswer): void;
  onGraphqlRequest(request: GraphqlRequest): void;
  onField(field: ResolvedField): void;
}
