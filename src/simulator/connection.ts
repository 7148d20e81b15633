import type { Properties } from './convention.js';
import type { Logger } from './logger.js';
import { ConnectionLostError, type Session } from './session.js';
import type { Timers } from './timers.js';

/** A device's connection to its hub, kept up through losses and restarts on either side. */
export interface Connection {
  /** Resolves when first connected, and rejects if that fails: a wrong key or address is worth no second attempt. */
  readonly opened: Promise<void>;
  /** Resolves when the hub has accepted the patch, sending it anew on the next connection where need be. */
  report(patch: Properties): Promise<void>;
  /** Hangs up, stays away for `offlineSeconds`, and resolves when connected again. */
  restart(offlineSeconds: number): Promise<void>;
  close(): Promise<void>;
}

export interface ConnectionOptions {
  openSession(): Session;
  /** What the device reports of itself on every connection. */
  introduce(): Properties;
  readonly timers: Timers;
  readonly logger: Logger;
}

const firstPauseSeconds = 1;
const longestPauseSeconds = 30;
/** How long a silent hub may hold up a connection's opening and its closing. The SDK itself would wait forever. */
const openLimitSeconds = 60;
const closeLimitSeconds = 5;

export function createConnection(options: ConnectionOptions): Connection {
  const { openSession, introduce, timers, logger } = options;
  let session: Session;
  let online = connect();
  let pauseSeconds = firstPauseSeconds;
  let closed = false;

  return {
    opened: online.then(() => {
      void supervise();
    }),
    async report(patch) {
      for (;;) {
        const current = await online;
        try {
          return await current.report(patch);
        } catch (error) {
          if (!(error instanceof ConnectionLostError)) throw error;
        }
      }
    },
    async restart(offlineSeconds) {
      pauseSeconds = offlineSeconds;
      await hangUp();
      await online;
    },
    async close() {
      closed = true;
      await hangUp();
    },
  };

  async function supervise(): Promise<void> {
    while (!closed) {
      await session.lost;
      online = reconnect();
      await online;
    }
  }

  async function reconnect(): Promise<Session> {
    await hangUp();
    for (let pause = pauseSeconds; ; pause = longer(pause)) {
      pauseSeconds = firstPauseSeconds;
      await timers.wait(pause);
      try {
        return await connect();
      } catch (error) {
        if (!closed) {
          logger.warn({ error: messageOf(error) }, 'could not connect, will try again');
        }
      }
    }
  }

  async function connect(): Promise<Session> {
    session = openSession();
    try {
      await timers.limit(greet(session), openLimitSeconds);
    } catch (error) {
      await hangUp();
      throw error;
    }
    logger.info({}, 'connected');
    return session;
  }

  async function greet(session: Session): Promise<void> {
    await session.ready;
    await session.report(introduce());
  }

  async function hangUp(): Promise<void> {
    await timers.limit(session.close(), closeLimitSeconds).catch(() => {});
  }
}

function longer(pause: number): number {
  return Math.min(Math.max(pause, firstPauseSeconds) * 2, longestPauseSeconds);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
