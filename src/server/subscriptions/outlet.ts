import { WebSocket } from 'ws';

/** Beyond this much unsent (bytes), a socket that still asks for more is cut off. */
const MOST_UNSENT = 64 * 1024 * 1024;

/** Who waits for an outlet to be free again. */
export interface Waiter {
  /** Sends one thing that waits; asks to wait again if there is more. */
  sendNext(): void;
}

/**
 * One socket, with a bound on what is under way in it. When that is reached it is not free until
 * all of it has left this machine; until then nothing is read from the socket either, as answers
 * would only add to it.
 */
export class Outlet {
  /** Whether the peer was heard of since this was last set to false. */
  isAlive = true;
  /** Operations that are not completed yet. */
  operations = 0;
  readonly #socket: WebSocket;
  readonly #underWay: number;
  #waiters: Set<Waiter> | undefined;
  #isFull = false;

  constructor(socket: WebSocket, underWay: number) {
    this.#socket = socket;
    this.#underWay = underWay;
  }

  /** Whether payloads may be sent; those that may not wait, in the hands of their senders. */
  get isFree(): boolean {
    return !this.#isFull;
  }

  /** What was sent and has not left this machine, in bytes. */
  get unsent(): number {
    return this.#socket.bufferedAmount;
  }

  /** Sends in the order of calls. To a socket that is closing nothing is sent any more. */
  send(text: string): void {
    const socket = this.#socket;
    if (socket.readyState !== WebSocket.OPEN) return;
    const unsent = socket.bufferedAmount;
    if (unsent > MOST_UNSENT) socket.terminate();
    else if (this.#isFull || unsent + text.length < this.#underWay) socket.send(text);
    else this.#fillWith(text);
  }

  /** Calls the waiter when the outlet is free; those that wait take turns. */
  wait(waiter: Waiter): void {
    this.#waiters ??= new Set();
    this.#waiters.add(waiter);
  }

  /** Closes with a reason that the peer is told when it has read what was sent before. */
  close(code: number, reason: string): void {
    // The peer's own close is to be read.
    this.#socket.resume();
    this.#socket.close(code, reason);
  }

  /** Asks whether the peer is there; without an answer since the last time, it is not. */
  ping(): void {
    if (this.isAlive) this.#socket.ping();
    else this.#socket.terminate();
    this.isAlive = false;
  }

  terminate(): void {
    this.#socket.terminate();
  }

  #fillWith(text: string): void {
    this.#isFull = true;
    this.#socket.pause();
    this.#socket.send(text, (error) => this.#onSent(error));
  }

  #onSent(error: Error | null | undefined): void {
    // Its close is under way.
    if (error) return;
    this.isAlive = true;
    this.#isFull = false;
    this.#socket.resume();
    for (const waiter of this.#waiters ?? []) {
      // Whoever waits again is at the end of the set.
      this.#waiters?.delete(waiter);
      waiter.sendNext();
      if (this.#isFull) return;
    }
    this.#waiters = undefined;
  }
}
