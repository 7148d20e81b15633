/** What must hold under every attack. */
export const bounds = {
  /** The heap that the gateway is given. */
  heapMegabytes: 160,
  /** How much more memory it takes at any time than before the first attack. */
  growthMegabytes: 256,
  /** How long a refusal takes. */
  refusalSeconds: 5,
  /** How long somebody else waits for an answer, right after. */
  answerSeconds: 2,
  errors: 11,
} as const;

/** Limits that the attacked gateway has, where they are not the default. */
export const config = {
  // From one machine, all are one caller: only addresses are to be told apart.
  callerOperationsPerSecond: 100_000,
  addressRequestsPerSecond: 100,
  socketsPerAddress: 100,
};
