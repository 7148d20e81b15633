/** The vocabulary that the device programs share: what a program may do, and how it answers its hub. */

export const conventionNames = ['node', 'python', 'java'] as const;

export type ConventionName = (typeof conventionNames)[number];

export type Properties = Readonly<Record<string, unknown>>;

/** One call of a direct method. */
export interface MethodCall {
  readonly method: string;
  readonly payload: unknown;
  /** Sends the answer. An answer that no longer finds a connection is dropped, as on a real device. */
  answer(status: number, body: unknown): Promise<void>;
}

export const faultNames = ['fail', 'stall', 'rollBack', 'goOffline'] as const;

/** How an action goes wrong on request; see docs/simulator.md. */
export type Fault = (typeof faultNames)[number];

/** What a device's program can do. None of the promises settles once the device is stopped. */
export interface Device {
  now(): Date;
  wait(seconds: number): Promise<void>;
  /** Merges into the reported properties; waits for the hub to accept, through reconnections if need be. */
  report(patch: Properties): Promise<void>;
  /** Leaves the hub for `offlineSeconds` and comes back; resolves when connected again. */
  restart(offlineSeconds: number): Promise<void>;
  /** What is to go wrong with its actions, if anything. */
  fault(): Fault | undefined;
  /** Where an action gets stuck: resolves at once, unless the fault is to stall or to go offline. */
  hold(): Promise<void>;
}

/** How a device goes about one thing that its hub may ask of it. */
export interface Convention {
  /** What it reports whenever it connects. */
  introduce?(): Properties;
  /** The direct methods that it answers. */
  readonly methods?: Readonly<Record<string, (call: MethodCall, device: Device) => Promise<void>>>;
  /**
   * Called with all desired properties, `$version` among them, when connected and after every change. Gives the work that follows from it, or undefined if none does.
   */
  adopt?(desired: Properties, device: Device): Promise<void> | undefined;
}

/** Devices of one kind, named after the tutorial that shows how they reboot. */
export interface Family extends Convention {
  readonly name: ConventionName;
  /** What it leaves the factory with. */
  readonly firmwareVersion: string;
}

/** An object of JSON, or nothing. */
export function asProperties(value: unknown): Properties {
  return typeof value === 'object' && value !== null ? (value as Properties) : {};
}
