import type { HubError, Urgency } from '../hub/hub.js';
import type { TwinReading } from '../hub/twin.js';

/** How a device is to be read: at least this often (ms), and how urgently. */
export interface Wish {
  readonly interval: number;
  readonly urgency: Urgency;
}

/** What a read gave: a reading, or why there is none. */
export type ReadOutcome = TwinReading | HubError;

/**
 * Who reads the devices of a hub that several gateways watch. Each device is read by one of them,
 * and what it reads is everybody's.
 */
export interface Polling {
  /** Takes a seat at a device; its first `wish` says how it is to be read. */
  join(deviceId: string, wish: Wish, member: PollingMember): PollingSeat;
}

/** Whoever took a seat. */
export interface PollingMember {
  /** The seat's `reads` or `others` may have changed. */
  onTurn(): void;
  /** What another gateway read. */
  onOutcome(outcome: ReadOutcome): void;
}

export interface PollingSeat {
  /** Whether it is for this gateway to read the device. */
  readonly reads: boolean;
  /** What the other gateways wish, taken together; undefined where none watches the device. */
  readonly others: Wish | undefined;
  /** Changes the wish. */
  wish(wish: Wish): void;
  /** Hands what this gateway read to the others. */
  publish(outcome: ReadOutcome): void;
  leave(): void;
}

/** A gateway without others reads everything by itself. */
export const pollingAlone: Polling = {
  join: () => ({
    reads: true,
    others: undefined,
    wish: () => {},
    publish: () => {},
    leave: () => {},
  }),
};

/** Polling in which what others read goes through `admit` before anyone here is told of it. */
export function admitting(
  polling: Polling,
  admit: (deviceId: string, outcome: ReadOutcome) => ReadOutcome,
): Polling {
  return {
    join: (deviceId, wish, member) =>
      polling.join(deviceId, wish, {
        onTurn: () => member.onTurn(),
        onOutcome: (outcome) => member.onOutcome(admit(deviceId, outcome)),
      }),
  };
}
