import type { FormattedExecutionResult } from 'graphql';

/** One result of a cohort, written as JSON once, however many it is sent to. */
export class Payload {
  /** As clients may see it. */
  readonly result: FormattedExecutionResult;
  #text: string | undefined;

  constructor(result: FormattedExecutionResult) {
    this.result = result;
  }

  get text(): string {
    this.#text ??= JSON.stringify(this.result);
    return this.#text;
  }
}
