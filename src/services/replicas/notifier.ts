/** One thing that happens, and those who want to know, for good. */
export interface Notifier<T> {
  on(listener: (event: T) => void): void;
  tell(event: T): void;
}

export function createNotifier<T>(): Notifier<T> {
  const listeners: ((event: T) => void)[] = [];
  return {
    on: (listener) => void listeners.push(listener),
    tell: (event) => {
      for (const listener of listeners) listener(event);
    },
  };
}
