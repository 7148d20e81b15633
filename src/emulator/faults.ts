import { randomUUID } from 'node:crypto';
import { type CallFilter, type CallTarget, isMatch } from './calls.js';
import { type Clock, delay } from './clock.js';
import { arbitraryError, type HubError, hubError } from './errors.js';

/** Before the hub acts on the request, or after it did but before it answers. */
export type FaultMoment = 'before' | 'after';

/** How a request goes wrong. `when` is `before` unless said otherwise. */
export type FaultEffect =
  | { readonly kind: 'delay'; readonly ms: number; readonly when?: FaultMoment }
  /** No answer, ever; the connection stays open. */
  | { readonly kind: 'hang'; readonly when?: FaultMoment }
  /** The connection is reset, without an answer. */
  | { readonly kind: 'reset'; readonly when?: FaultMoment }
  /** Refused with this status and code (a name such as `ServiceUnavailable`, or a number such as `503001`). */
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly code: string;
      readonly message?: string;
    }
  /** Refused as by a hub whose throttling backlog is full. */
  | { readonly kind: 'throttle' }
  /** Half of the answer, then the end of the connection. */
  | { readonly kind: 'truncate' }
  /** The answer arrives in two writes, cut inside a multi-byte character where it has one. */
  | { readonly kind: 'split' }
  /**
   * The hub acts, and answers 200 with this instead; as `application/json` unless said otherwise.
   * Over HTTP alone: other answers are as ever.
   */
  | { readonly kind: 'lie'; readonly body: string; readonly contentType?: string };

export interface Fault extends CallFilter {
  /** How many requests go wrong before the fault has spent itself; without it, all until removed. */
  readonly times?: number;
  readonly effect: FaultEffect;
}

export interface Faults {
  /** From now on, matching requests go wrong. Of several matching faults the oldest applies. Returns its remover. */
  add(fault: Fault): () => void;
  clear(): void;
}

export interface FaultSource extends Faults {
  /** As `add`, for who cannot hold a function: returns the fault's name. */
  addNamed(fault: Fault): string;
  /** Whether there was a fault of that name. */
  remove(faultId: string): boolean;
  /** The effect due for this call, which counts as one of the fault's `times`. */
  take(target: CallTarget): FaultEffect | undefined;
}

export function createFaults(): FaultSource {
  let active: { readonly id: string; readonly fault: Fault; left: number }[] = [];

  function addNamed(fault: Fault): string {
    const id = randomUUID();
    active.push({ id, fault, left: fault.times ?? Number.POSITIVE_INFINITY });
    return id;
  }

  function remove(id: string): boolean {
    const before = active.length;
    active = active.filter((entry) => entry.id !== id);
    return active.length < before;
  }

  return {
    addNamed,
    remove,
    add(fault) {
      const id = addNamed(fault);
      return () => void remove(id);
    },
    clear() {
      active = [];
    },
    take({ operation, deviceId }) {
      if (active.length === 0) return undefined;
      const entry = active.find(
        ({ fault, left }) => left > 0 && isMatch(fault, operation, deviceId),
      );
      if (entry === undefined) return undefined;
      entry.left -= 1;
      if (entry.left <= 0) active = active.filter((other) => other !== entry);
      return entry.fault.effect;
    },
  };
}

/** One request with its answer, as the door that took it can handle them. */
export interface Exchange<Answer> {
  /** Acts on the request. */
  process(): Answer | Promise<Answer>;
  /** The answer that says no. */
  refuse(error: HubError): Answer;
  send(answer: Answer): void;
  sendHalf(answer: Answer): void;
  sendSplit(answer: Answer): void | Promise<void>;
  /** Answers with something else. */
  sendInstead(answer: Answer, body: string, contentType: string | undefined): void;
  reset(): void;
}

/** Carries out an exchange, with the effect of a fault if there is one. */
export function performExchange<Answer>(
  effect: FaultEffect | undefined,
  exchange: Exchange<Answer>,
  clock: Clock,
): void | Promise<void> {
  if (effect !== undefined) return performFaultily(effect, exchange, clock);
  const answer = exchange.process();
  // The busy path makes no promise where the door needs none.
  if (answer instanceof Promise) return answer.then((settled) => exchange.send(settled));
  exchange.send(answer);
}

async function performFaultily<Answer>(
  effect: FaultEffect,
  exchange: Exchange<Answer>,
  clock: Clock,
): Promise<void> {
  switch (effect.kind) {
    case 'delay': {
      if (effect.when !== 'after') await delay(clock, effect.ms);
      const answer = await exchange.process();
      if (effect.when === 'after') await delay(clock, effect.ms);
      return exchange.send(answer);
    }
    case 'hang':
      if (effect.when === 'after') await exchange.process();
      return;
    case 'reset':
      if (effect.when === 'after') await exchange.process();
      return exchange.reset();
    case 'status':
      return exchange.send(exchange.refuse(toError(effect)));
    case 'throttle':
      return exchange.send(exchange.refuse(throttled()));
    case 'truncate':
      return exchange.sendHalf(await exchange.process());
    case 'split':
      return exchange.sendSplit(await exchange.process());
    case 'lie':
      return exchange.sendInstead(await exchange.process(), effect.body, effect.contentType);
  }
}

function toError(effect: { status: number; code: string; message?: string }): HubError {
  return arbitraryError(effect.status, effect.code, effect.message ?? 'A fault was asked for.');
}

function throttled(): HubError {
  return hubError(
    'ThrottlingBacklogTimeout',
    'The request has been throttled. Wait 10 seconds and try again.',
  );
}

/** Where to cut `body` in two: inside its first multi-byte character, else in its middle. */
export function findSplit(body: Buffer): number {
  const lead = body.findIndex((byte) => byte >= 0xc0);
  return lead === -1 ? body.length >> 1 : lead + 1;
}
