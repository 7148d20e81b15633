import type { Message } from './message.js';

/** How a device has proved who it is: by a key or a certificate of its own, or by a policy's key. */
export interface AuthenticationMethod {
  readonly scope: 'device' | 'module' | 'hub';
  readonly type: 'sas' | 'x509Certificate';
}

/** A connected device or module, whatever protocol it speaks. */
export interface DeviceLink {
  /** Whether it has asked to be sent direct methods. */
  readonly acceptsMethods: boolean;
  /** Whether it has asked to be sent messages. */
  readonly acceptsMessages: boolean;
  /** @param payload JSON text */
  invokeMethod(name: string, requestId: string, payload: string): void;
  /** @param delta JSON text of what was written, with its `$version` */
  notifyDesired(version: number, delta: string): void;
  /** Hands over a message. @param acknowledged to be called once the device has it */
  deliver(message: Message, acknowledged: () => void): void;
  /** Leaves the connection open, but neither hears nor says anything on it any more. */
  stall(): void;
  /** Drops the connection. The hub has already forgotten it. */
  close(): void;
}
