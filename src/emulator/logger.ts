/** Where the emulator tells what it does. A pino logger is one; nothing told is ever a key or a token. */
export interface Logger {
  debug(details: object, message: string): void;
  warn(details: object, message: string): void;
  error(details: object, message: string): void;
}

export const silentLogger: Logger = { debug() {}, warn() {}, error() {} };
