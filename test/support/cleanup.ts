/** What a fixture has to undo, in reverse; Node 20 has no `AsyncDisposableStack`. */
export interface Cleanup extends AsyncDisposable {
  defer(undo: () => unknown): void;
  /** Takes over a resource and hands it on. */
  use<T extends AsyncDisposable>(resource: T): T;
}

export function createCleanup(): Cleanup {
  const undos: (() => unknown)[] = [];
  return {
    defer(undo) {
      undos.push(undo);
    },
    use(resource) {
      undos.push(() => resource[Symbol.asyncDispose]());
      return resource;
    },
    async [Symbol.asyncDispose]() {
      for (const undo of undos.splice(0).reverse()) await undo();
    },
  };
}
