import { type Clock, systemClock } from '../clock.js';
import type { DeviceRef } from '../device-id.js';
import type { Budget } from '../hub/budget.js';
import { type Polling, pollingAlone } from '../watch/polling.js';

/** An operation that another gateway moved. */
export interface MovedOperation extends DeviceRef {
  readonly id: string;
}

/** The gateways that share one journal, as one of them sees them. */
export interface Replicas {
  /** The time that all of them go by. */
  readonly clock: Clock;

  /** Tells of each operation that another gateway moved. After a gap, of every one: `undefined`. */
  onMoved(listener: (moved: MovedOperation | undefined) => void): void;

  /** Called when operations may be open that no living gateway drives. */
  onOrphans(listener: () => void): void;

  /** Called when the others took this gateway for dead: what it drove may be theirs now. */
  onLost(listener: () => void): void;

  /** Who reads the devices of a hub. */
  polling(hub: string): Polling;

  /** Divides what the gateways may ask of a hub among them, by what each has need of. */
  divide(hub: string, budget: Budget): void;

  /** Gives up its place: the others go on with what it did, at once. */
  leave(): Promise<void>;
}

const never = () => {};

/** One gateway with a journal of its own. */
export const replicasAlone: Replicas = {
  clock: systemClock,
  onMoved: never,
  onOrphans: never,
  onLost: never,
  polling: () => pollingAlone,
  divide: () => {},
  leave: async () => {},
};
