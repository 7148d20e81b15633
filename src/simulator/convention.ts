/** The vocabulary that the device programs share: what a program may do, and how it answers a reboot. */

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

/** What a device's program can do. None of the promises settles once the device is stopped. */
export interface Device {
  now(): Date;
  wait(seconds: number): Promise<void>;
  /** Merges into the reported properties; waits for the hub to accept, through reconnections if need be. */
  report(patch: Properties): Promise<void>;
  /** Leaves the hub for `offlineSeconds` and comes back; resolves when connected again. */
  restart(offlineSeconds: number): Promise<void>;
}

/** How one family of devices, named after the tutorial that shows it, goes about a reboot. */
export interface Convention {
  readonly name: ConventionName;
  readonly rebootMethod: string;
  /** What the device reports of itself whenever it connects. */
  readonly properties: Properties;
  reboot(call: MethodCall, device: Device): Promise<void>;
}
