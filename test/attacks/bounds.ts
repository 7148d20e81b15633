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
  // Few a second and many at once, so that it does not matter how fast the machine is.
  addressRequestsPerSecond: 10,
  messagesPerSecond: 10,
  burstSeconds: 60,
  // Others may keep the machine busy.
  lag: 60_000,
  socketsPerAddress: 100,
};
