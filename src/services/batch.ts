/** A load that all share who ask before the process turns to its next input. */
export function batched<Value>(
  load: (keys: readonly string[]) => Promise<ReadonlyMap<string, Value>>,
): (key: string) => Promise<Value | undefined> {
  let gathering: Gathering<Value> | undefined;

  function gather(): Gathering<Value> {
    const keys = new Set<string>();
    const loaded = new Promise<void>((resolve) => setImmediate(resolve)).then(() => {
      gathering = undefined;
      return load([...keys]);
    });
    return { keys, loaded };
  }

  return async (key) => {
    gathering ??= gather();
    gathering.keys.add(key);
    return (await gathering.loaded).get(key);
  };
}

interface Gathering<Value> {
  readonly keys: Set<string>;
  readonly loaded: Promise<ReadonlyMap<string, Value>>;
}
