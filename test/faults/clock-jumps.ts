/** A clock that is set while an operation is under way (ms), and where that leaves the operation. */
export const clockJumps = [
  {
    what: 'is set an hour forward',
    by: 3_600_000,
    status: 'TIMED_OUT',
    means:
      '`TIMED_OUT` as soon as the twin was read, as its deadline has passed; the watch goes on',
  },
  {
    what: 'is set an hour back',
    by: -3_600_000,
    status: 'ACCEPTED',
    means:
      'a report that the hub dates before the sending, by that clock, proves nothing: it stays open until its deadline; the watch goes on',
  },
] as const;
