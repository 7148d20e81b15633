import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ExpectedEvidence } from '../../../src/services/actions/evidence.js';
import {
  baselineOf,
  type Evidence,
  fold,
  HARD_CAP_MS,
} from '../../../src/services/actions/fold.js';
import {
  isTerminal,
  isUnsettled,
  type Operation,
  type OperationFailure,
  type OperationStatus,
} from '../../../src/services/actions/operation.js';
import type { CommandAnswer, MethodAnswer } from '../../../src/services/hub/hub.js';
import type { JsonValue } from '../../../src/services/json.js';
import {
  rebootCall,
  rebootEvidence,
  requestedAt,
  requestedOperation,
} from '../support/operations.js';
import { evidencePath, makeReading, type TwinForm } from '../support/twins.js';

const sentAt = requestedAt + 2_000;
const deadlineAt = sentAt + 300_000;
const hardCapAt = deadlineAt + HARD_CAP_MS;

/** Evidence with the time at which it is learned. */
type Step = readonly [evidence: Evidence, now: number];

const claim: Step = [{ kind: 'CLAIM' }, sentAt];

function answers(answer: MethodAnswer, at = sentAt + 500): Step {
  return [{ kind: 'ANSWER', answer }, at];
}

function answered(status: number, payload: JsonValue = null): MethodAnswer {
  return { kind: 'ANSWERED', status, payload };
}

const unknown: MethodAnswer = { kind: 'UNKNOWN', message: 'IoT Hub answered 504' };

function reads(form: TwinForm, at = sentAt + 1_000, asked = at): Step {
  return [{ kind: 'READING', reading: makeReading(at, form, { askedAt: asked }) }, at];
}

/** What the device reports after the sending, as the hub's clock has it. */
const report = { value: 'after', at: '2026-03-09T07:00:02.6Z' };
const evidence = reads({ version: 6, report });

function play(operation: Operation, ...steps: readonly Step[]): Operation {
  return steps.reduce((moved, [learned, now]) => fold(moved, learned, now), operation);
}

const sending = play(requestedOperation(), claim);

function eventTypes({ history }: Operation): readonly string[] {
  return history.map(({ type }) => type);
}

describe('the answer table', () => {
  interface Row {
    readonly answer: MethodAnswer;
    /** After the answer alone. */
    readonly alone: OperationStatus;
    /** After the answer and the evidence, whichever came first. */
    readonly withEvidence: OperationStatus;
    readonly failure?: Pick<OperationFailure, 'code' | 'retryable'>;
  }

  const accepted = { alone: 'ACCEPTED', withEvidence: 'SUCCEEDED' } as const;
  const rejected = {
    alone: 'FAILED',
    withEvidence: 'FAILED',
    failure: { code: 'METHOD_REJECTED', retryable: false },
  } as const;
  const open = { alone: 'SENDING', withEvidence: 'SUCCEEDED' } as const;
  const undelivered = (
    code: Extract<MethodAnswer, { kind: 'UNDELIVERED' }>['code'],
    retryable: boolean,
  ): Row => ({
    answer: { kind: 'UNDELIVERED', code, message: 'as the hub put it' },
    alone: 'FAILED',
    withEvidence: 'FAILED',
    failure: { code, retryable },
  });

  const rows: Record<string, Row> = {
    'device status 200': { answer: answered(200), ...accepted },
    'device status 204': { answer: answered(204), ...accepted },
    'device status 299': { answer: answered(299), ...accepted },
    'device status 199': { answer: answered(199), ...rejected },
    'device status 300': { answer: answered(300), ...rejected },
    'device status 500': { answer: answered(500), ...rejected },
    'device status 0': { answer: answered(0), ...rejected },
    'device status -1': { answer: answered(-1), ...rejected },
    '404001, no such device': undelivered('DEVICE_NOT_FOUND', false),
    '404103, not online': undelivered('DEVICE_OFFLINE', true),
    '400, not valid': undelivered('INVALID', false),
    '429, throttled': undelivered('THROTTLED', true),
    '401, not let in': undelivered('HUB_UNAUTHORIZED', false),
    '403, quota used up': undelivered('HUB_QUOTA_EXCEEDED', false),
    'not reached': undelivered('HUB_UNAVAILABLE', true),
    'stopped before the socket': undelivered('NOT_SENT', true),
    'not known': { answer: unknown, ...open },
  };

  describe.each(Object.entries(rows))('%s', (_name, row) => {
    const failure = row.failure ? expect.objectContaining(row.failure) : null;

    it(`alone leaves it ${row.alone}`, () => {
      const moved = play(sending, answers(row.answer));

      expect(moved.status).toBe(row.alone);
      expect(moved.failure).toEqual(failure);
      expect(moved.answer).toEqual(row.answer);
    });

    it(`before the evidence makes it ${row.withEvidence}`, () => {
      const moved = play(sending, answers(row.answer), evidence);

      expect(moved.status).toBe(row.withEvidence);
      expect(moved.failure).toEqual(failure);
    });

    it(`after the evidence makes it ${row.withEvidence}`, () => {
      const moved = play(sending, evidence, answers(row.answer, sentAt + 20_000));

      expect(moved.status).toBe(row.withEvidence);
      expect(moved.failure).toEqual(failure);
      expect(moved.report?.value).toBe('after');
    });
  });

  it('keeps the status and the payload with which a device refused', () => {
    const moved = play(sending, answers(answered(500, { reason: 'busy' })));

    expect(moved.answer).toEqual(answered(500, { reason: 'busy' }));
    expect(eventTypes(moved)).toEqual(['REQUESTED', 'SENDING', 'ANSWERED', 'FINISHED']);
    expect(moved.history.at(2)?.data).toEqual({ reason: 'busy' });
    expect(moved.acceptedAt).toBeNull();
  });

  it('fails what was never sent with the answer that stopped it', () => {
    const answer: MethodAnswer = {
      kind: 'UNDELIVERED',
      code: 'DEVICE_NOT_FOUND',
      message: 'IoT Hub answered 404',
    };
    const moved = play(requestedOperation({ baseline: null }), answers(answer));

    expect(moved).toMatchObject({ status: 'FAILED', sentAt: null, finishedAt: sentAt + 500 });
    expect(moved.failure?.message).toBe('IoT Hub answered 404');
  });
});

describe('an answer', () => {
  it('counts once, however often it is learned', () => {
    const once = play(sending, answers(answered(200)));

    expect(fold(once, ...answers(answered(200), sentAt + 900))).toBe(once);
  });

  it('is not unlearned', () => {
    const settled = play(sending, answers(answered(200)));

    expect(fold(settled, ...answers(unknown, sentAt + 900))).toBe(settled);
  });

  it('that is unknown twice is told of once, and still gives way to one that is known', () => {
    const once = play(sending, answers(unknown));
    const twice = play(once, answers(unknown, sentAt + 900));

    expect(twice).toBe(once);
    expect(play(twice, answers(answered(200), sentAt + 1_000))).toMatchObject({
      status: 'ACCEPTED',
      answer: { kind: 'ANSWERED' },
    });
  });
});

describe('the claim', () => {
  it('moves a requested operation to SENDING and sets the deadline from that moment', () => {
    expect(sending).toMatchObject({ status: 'SENDING', sentAt, deadlineAt, sequence: 2 });
  });

  it('never sets a deadline that lies before the end of the call', () => {
    const patient = requestedOperation({
      deadlineSeconds: 60,
      call: { ...rebootCall, responseTimeoutSeconds: 300, connectTimeoutSeconds: 100 },
    });

    expect(play(patient, claim).deadlineAt).toBe(sentAt + 400_000);
  });

  it('is refused where there is no baseline', () => {
    const operation = requestedOperation({ baseline: null });

    expect(fold(operation, { kind: 'CLAIM' }, sentAt)).toBe(operation);
  });

  it.each<[string, Operation]>([
    ['that was claimed before', sending],
    ['that was accepted', play(sending, answers(answered(200)))],
    ['that is in progress', play(sending, evidence)],
    ['that succeeded', play(sending, evidence, answers(answered(200)))],
    ['that failed', play(sending, answers(answered(500)))],
    ['that timed out', play(sending, answers(unknown), reads({}, deadlineAt))],
    ['that awaits its window', requestedOperation({ status: 'AWAITING_WINDOW' })],
    ['that awaits approval', requestedOperation({ status: 'AWAITING_APPROVAL' })],
    ['that was canceled', requestedOperation({ status: 'CANCELED' })],
  ])('changes nothing of an operation %s', (_name, operation) => {
    expect(fold(operation, { kind: 'CLAIM' }, sentAt + 1)).toBe(operation);
  });
});

describe('success', () => {
  it('is not an acknowledgement, however long one waits for more', () => {
    const moved = play(sending, answers(answered(200)), reads({}, deadlineAt - 1));

    expect(moved).toMatchObject({ status: 'ACCEPTED', acceptedAt: sentAt + 500, finishedAt: null });
  });

  it('is not a report alone: the device may yet refuse', () => {
    const moved = play(sending, evidence);

    expect(moved).toMatchObject({ status: 'IN_PROGRESS', acceptedAt: null, finishedAt: null });
    expect(moved.report).toEqual({ value: 'after', lastUpdated: '17730396026000000' });
  });

  it('takes both, and says how much that proves', () => {
    const moved = play(sending, answers(answered(200)), evidence);

    expect(moved).toMatchObject({
      status: 'SUCCEEDED',
      proof: 'ANNOUNCED',
      attribution: 'PRESUMED',
      failure: null,
      finishedAt: sentAt + 1_000,
    });
    expect(eventTypes(moved)).toEqual(['REQUESTED', 'SENDING', 'ANSWERED', 'REPORTED', 'FINISHED']);
  });

  it('keeps the time of acceptance when the device reports first', () => {
    const moved = play(sending, evidence, answers(answered(200), sentAt + 20_000));

    expect(moved).toMatchObject({
      status: 'SUCCEEDED',
      acceptedAt: sentAt + 20_000,
      finishedAt: sentAt + 20_000,
    });
  });

  it('stays ambiguous where an earlier operation is unsettled', () => {
    const ambiguous = play(requestedOperation({ attribution: 'AMBIGUOUS' }), claim);

    expect(play(ambiguous, answers(answered(200)), evidence)).toMatchObject({
      status: 'SUCCEEDED',
      attribution: 'AMBIGUOUS',
    });
  });
});

describe('evidence', () => {
  const accepted = play(sending, answers(answered(200)));

  it.each<[string, Step]>([
    [
      'the same value with a newer time, as devices send it when they reconnect',
      reads({ version: 6, report: { value: 'before', at: report.at } }),
    ],
    [
      'a new value with the very time of the baseline',
      reads({ version: 6, report: { value: 'after', at: '2026-03-09T06:00:00.5Z' } }),
    ],
    [
      'a new value with an older time',
      reads({ version: 6, report: { value: 'after', at: '2026-03-09T05:59:59Z' } }),
    ],
    [
      'a new value without a time that can be read',
      reads({ version: 6, report: { value: 'after', at: 'just now' } }),
    ],
    ['a property that is gone', reads({ version: 6, report: null })],
    ['a version that grew, with everything else as it was', reads({ version: 99 })],
    [
      'a reading that was asked for before the baseline was here',
      reads({ version: 6, report }, sentAt + 1_000, requestedAt - 1),
    ],
  ])('is not %s', (_name, step) => {
    expect(play(accepted, step)).toBe(accepted);
  });

  it('is never a query result, whatever it shows', () => {
    const reading = makeReading(sentAt + 1_000, { version: 6, report }, { source: 'QUERY' });
    const late = makeReading(deadlineAt + 1, {}, { source: 'QUERY' });
    const old = makeReading(sentAt + 1_000, { version: 2 }, { source: 'QUERY' });

    for (const one of [reading, late, old]) {
      expect(fold(accepted, { kind: 'READING', reading: one }, deadlineAt + 1)).toBe(accepted);
    }
  });

  it('may be a pushed event', () => {
    const reading = makeReading(sentAt + 1_000, { version: 6, report }, { source: 'EVENT' });

    expect(fold(accepted, { kind: 'READING', reading }, sentAt + 1_000).status).toBe('SUCCEEDED');
  });

  it('is nothing that is read before the sending', () => {
    const requested = requestedOperation();

    expect(play(requested, evidence)).toBe(requested);
  });

  it('is the newer time alone where the profile says so', () => {
    const expected = { ...rebootEvidence, rule: 'NEW_TIME' } as const;
    const operation = play(requestedOperation({ expected }), claim, answers(answered(200)));
    const repeated = reads({ version: 6, report: { value: 'before', at: report.at } });
    const unmoved = reads({ version: 6 });

    expect(play(operation, repeated).status).toBe('SUCCEEDED');
    expect(play(operation, unmoved)).toBe(operation);
  });

  it('is the first report of a device that never reported', () => {
    const baseline = baselineOf(evidencePath, makeReading(requestedAt, { report: null }));
    const operation = play(requestedOperation({ baseline }), claim, answers(answered(200)));

    expect(baseline).toMatchObject({ lastUpdated: null, value: undefined });
    expect(play(operation, evidence).status).toBe('SUCCEEDED');
  });

  it('may be an object, compared by content whatever the order of its keys', () => {
    const value = { date: '2026-03-09', time: '06:00' };
    const baseline = baselineOf(
      evidencePath,
      makeReading(requestedAt, { report: { value, at: '2026-03-09T06:00:00Z' } }),
    );
    const operation = play(requestedOperation({ baseline }), claim, answers(answered(200)));
    const turned = { time: '06:00', date: '2026-03-09' };
    const later = { date: '2026-03-09', time: '07:00' };

    expect(play(operation, reads({ report: { value: turned, at: report.at } }))).toBe(operation);
    expect(play(operation, reads({ report: { value: later, at: report.at } })).status).toBe(
      'SUCCEEDED',
    );
  });

  it('takes what the hub writes as ticks: nothing orders them but their value', () => {
    const second = '2026-03-09T07:30:00';
    const digits = ['', '.0000001', '.000001', '.00001', '.0001', '.001', '.01', '.1', '.1000001'];
    const times = [...digits, '.9', '.9999999'].map((fraction) => `${second}${fraction}Z`);

    for (const [older, baselineTime] of times.entries()) {
      const baseline = baselineOf(
        evidencePath,
        makeReading(requestedAt, { report: { value: 'before', at: baselineTime } }),
      );
      const operation = play(requestedOperation({ baseline }), claim, answers(answered(200)));
      for (const [newer, at] of times.entries()) {
        const moved = play(operation, reads({ report: { value: 'after', at } }));
        expect([baselineTime, at, moved.status]).toEqual([
          baselineTime,
          at,
          newer > older ? 'SUCCEEDED' : 'ACCEPTED',
        ]);
      }
    }
  });

  it('does not care whether the hub leaves out trailing zeros', () => {
    const form = (at: string): TwinForm => ({ version: 6, report: { value: 'after', at } });
    const baseline = baselineOf(
      evidencePath,
      makeReading(requestedAt, { report: { value: 'before', at: '2026-03-09T07:30:00.12Z' } }),
    );
    const operation = play(requestedOperation({ baseline }), claim, answers(answered(200)));

    expect(play(operation, reads(form('2026-03-09T07:30:00.1200000Z')))).toBe(operation);
  });

  describe('between the baseline and the sending', () => {
    // By the hub's clock the sending was at 07:00:02 or up to a second later.
    const foreign = { value: 'foreign', at: '2026-03-09T07:00:01.9999999Z' };
    const moved = play(accepted, reads({ version: 6, report: foreign }));

    it('is not ours', () => {
      expect(moved).toMatchObject({ status: 'ACCEPTED', report: null, sequence: 3 });
    });

    it('becomes what ours must differ from', () => {
      const repeated = { value: 'foreign', at: '2026-03-09T07:01:00Z' };

      expect(moved.baseline).toMatchObject({ value: 'foreign', lastUpdated: '17730396019999999' });
      expect(play(moved, reads({ version: 7, report: repeated }))).toBe(moved);
      expect(play(moved, reads({ version: 7, report })).status).toBe('SUCCEEDED');
    });

    it('is ours from the moment of the sending on', () => {
      const atOnce = { value: 'after', at: '2026-03-09T07:00:02Z' };

      expect(play(accepted, reads({ version: 6, report: atOnce })).status).toBe('SUCCEEDED');
    });

    it('cannot be told where the hub sent no date; what is newer is ours then', () => {
      const baseline = { ...(accepted.baseline as NonNullable<Operation['baseline']>) };
      const dateless = { ...accepted, baseline: { ...baseline, hubTime: null } };

      expect(play(dateless, reads({ version: 6, report: foreign })).status).toBe('SUCCEEDED');
    });
  });

  describe('of a device that echoes the operation', () => {
    const expected = { ...rebootEvidence, operationIdPath: ['rebootId'] };
    const operation = play(requestedOperation({ expected }), claim, answers(answered(200)));

    it('is exact when it names this operation', () => {
      const reported = { rebootId: operation.id };

      expect(play(operation, reads({ version: 6, report, reported }))).toMatchObject({
        status: 'SUCCEEDED',
        attribution: 'EXACT',
      });
    });

    it('is not ours when it names another, or none', () => {
      expect(play(operation, reads({ version: 6, report, reported: { rebootId: 'x' } }))).toBe(
        operation,
      );
      expect(play(operation, evidence)).toBe(operation);
    });
  });
});

describe('a twin that lost versions', () => {
  const accepted = play(sending, answers(answered(200)));
  const older = { value: 'older', at: '2026-03-09T05:00:00Z' };
  const rewound = play(accepted, reads({ version: 4, report: older }));

  it('was rewound by a failover: what it holds is the new baseline', () => {
    expect(rewound).toMatchObject({ status: 'ACCEPTED', report: null });
    expect(rewound.baseline).toMatchObject({ twinVersion: 4, value: 'older', hubTime: null });
    expect(eventTypes(rewound).at(-1)).toBe('REWOUND');
  });

  it('demands a new value, even where a report was in', () => {
    const reported = play(sending, evidence, reads({ version: 4, report: older }));
    const again = play(reported, answers(answered(200)));

    expect(again.status).not.toBe('SUCCEEDED');
    expect(play(again, reads({ version: 5, report })).status).toBe('SUCCEEDED');
  });

  it('proves nothing by what it still held before: devices repeat that when they reconnect', () => {
    const repeated = { value: 'before', at: '2026-03-09T07:05:00Z' };

    expect(play(rewound, reads({ version: 5, report: repeated }))).toBe(rewound);
    expect(play(rewound, reads({ version: 5, report })).status).toBe('SUCCEEDED');
  });

  it('belongs to another device when the identity is another', () => {
    const moved = play(accepted, reads({ version: 2, deviceEtag: 'Mg==', report: null }));

    expect(moved).toMatchObject({
      status: 'FAILED',
      failure: { code: 'DEVICE_REPLACED', retryable: false },
    });
  });

  it('is the same device when only its identity was edited', () => {
    expect(play(accepted, reads({ version: 5, deviceEtag: 'Mg==' }))).toBe(accepted);
  });

  it('is an older answer, and no rewind, when it was asked for before the baseline was here', () => {
    expect(play(accepted, reads({ version: 4 }, sentAt + 1_000, requestedAt - 1))).toBe(accepted);
  });
});

describe('a device that is gone', () => {
  it('fails an operation under way', () => {
    const moved = fold(sending, { kind: 'GONE' }, sentAt + 1_000);

    expect(moved).toMatchObject({
      status: 'FAILED',
      failure: { code: 'DEVICE_NOT_FOUND', message: 'the device was deleted', retryable: false },
    });
  });

  it('changes nothing of one that ended', () => {
    const ended = play(sending, answers(answered(200)), evidence);

    expect(fold(ended, { kind: 'GONE' }, sentAt + 2_000)).toBe(ended);
  });
});

describe('the connection', () => {
  const accepted = play(sending, answers(answered(200)));
  const left = play(accepted, reads({ connected: false }, sentAt + 1_000));

  it('proves most when the device was seen leaving and coming back', () => {
    const back = play(left, reads({ connected: true }, sentAt + 2_000));
    const done = play(back, reads({ version: 6, report }, sentAt + 3_000));

    expect(eventTypes(done)).toEqual([
      'REQUESTED',
      'SENDING',
      'ANSWERED',
      'DISCONNECTED',
      'RECONNECTED',
      'REPORTED',
      'FINISHED',
    ]);
    expect(done).toMatchObject({ status: 'SUCCEEDED', proof: 'RECONNECTED' });
  });

  it('proves no more than the profile says when the device was only seen leaving', () => {
    const done = play(left, reads({ version: 6, report, connected: false }, sentAt + 3_000));

    expect(done).toMatchObject({ status: 'SUCCEEDED', proof: 'ANNOUNCED' });
  });

  it('says nothing of a device that was not connected before', () => {
    const baseline = baselineOf(evidencePath, makeReading(requestedAt, { connected: false }));
    const operation = play(requestedOperation({ baseline }), claim);

    expect(play(operation, reads({ connected: false }), reads({ connected: true }))).toBe(
      operation,
    );
  });

  it('says nothing in a reading that was asked for before the sending', () => {
    expect(play(sending, reads({ connected: false }, sentAt + 10, sentAt - 1))).toBe(sending);
  });
});

describe('the deadline', () => {
  const accepted = play(sending, answers(answered(200)));

  it('does not count by the clock alone: a reading asked for after it must show no evidence', () => {
    const early = reads({}, deadlineAt + 5_000, deadlineAt - 1);
    const moved = play(accepted, early, reads({}, deadlineAt));

    expect(play(accepted, early)).toBe(accepted);
    expect(moved).toMatchObject({
      status: 'TIMED_OUT',
      failure: { code: 'NO_EVIDENCE', retryable: false },
      finishedAt: deadlineAt,
    });
  });

  it('gives way to the evidence in the very reading that would end it', () => {
    expect(play(accepted, reads({ version: 6, report }, deadlineAt + 60_000)).status).toBe(
      'SUCCEEDED',
    );
  });

  it('does not count while the call has not ended', () => {
    expect(play(sending, reads({}, deadlineAt + 1))).toBe(sending);
  });

  it('says so when the device neither answered nor reported', () => {
    expect(play(sending, answers(unknown), reads({}, deadlineAt)).failure).toMatchObject({
      code: 'NO_ANSWER',
      retryable: true,
    });
  });

  it('waits while the hub cannot be read, up to the hard cap', () => {
    const unreadable: Evidence = { kind: 'UNREADABLE', message: 'IoT Hub gave no usable answer' };
    const before = fold(accepted, unreadable, hardCapAt - 1);
    const at = fold(accepted, unreadable, hardCapAt);

    expect(before).toBe(accepted);
    expect(at).toMatchObject({
      status: 'TIMED_OUT',
      failure: { code: 'HUB_UNREADABLE', retryable: true },
    });
  });

  it('is not there before the sending, so nothing ends for want of a reading', () => {
    const requested = requestedOperation();

    expect(fold(requested, { kind: 'UNREADABLE', message: '' }, hardCapAt * 2)).toBe(requested);
  });
});

describe('an interruption of the gateway', () => {
  const interrupted: Evidence = { kind: 'INTERRUPTED' };

  it('before the claim means that nothing was sent', () => {
    expect(fold(requestedOperation(), interrupted, sentAt)).toMatchObject({
      status: 'FAILED',
      failure: { code: 'NOT_SENT', retryable: true },
    });
  });

  it('after the claim leaves the answer unknown, and the evidence decides', () => {
    const resumed = fold(sending, interrupted, sentAt + 5_000);

    expect(resumed).toMatchObject({ status: 'SENDING', answer: { kind: 'UNKNOWN' } });
    expect(play(resumed, evidence).status).toBe('SUCCEEDED');
    expect(play(resumed, reads({}, deadlineAt)).failure?.code).toBe('NO_ANSWER');
  });

  it('after the report ends it as far as it can be known', () => {
    expect(play(sending, evidence, [interrupted, sentAt + 5_000]).status).toBe('SUCCEEDED');
  });

  it('after the answer changes nothing', () => {
    const accepted = play(sending, answers(answered(200)));

    expect(fold(accepted, interrupted, sentAt + 5_000)).toBe(accepted);
  });
});

describe('what comes late', () => {
  const timedOut = play(sending, answers(answered(200)), reads({}, deadlineAt));
  const late = reads({ version: 6, report }, deadlineAt + 1_000);

  it('is added to the history of an operation that timed out, and to nothing else', () => {
    const moved = play(timedOut, late);

    expect(moved).toMatchObject({
      status: 'TIMED_OUT',
      failure: timedOut.failure,
      finishedAt: deadlineAt,
      proof: null,
      report: { value: 'after' },
    });
    expect(eventTypes(moved).slice(-2)).toEqual(['FINISHED', 'LATE_REPORT']);
    expect(moved.history.at(-1)).toMatchObject({ status: 'TIMED_OUT', data: 'after' });
  });

  it('settles the operation, so that a second report is not its own', () => {
    const settled = play(timedOut, late);
    const second = { value: 'another', at: '2026-03-09T08:00:00Z' };

    expect([isUnsettled(timedOut), isUnsettled(settled)]).toEqual([true, false]);
    expect(play(settled, reads({ version: 7, report: second }, deadlineAt + 9_000))).toBe(settled);
  });

  it('is not a repeated value, nor one from before the sending', () => {
    const repeated = { value: 'before', at: '2026-03-09T08:00:00Z' };
    const foreign = { value: 'foreign', at: '2026-03-09T07:00:01Z' };

    expect(play(timedOut, reads({ version: 6, report: repeated }, deadlineAt + 1))).toBe(timedOut);
    expect(play(timedOut, reads({ version: 6, report: foreign }, deadlineAt + 1))).toBe(timedOut);
    expect(play(timedOut, reads({ version: 4, report }, deadlineAt + 1))).toBe(timedOut);
  });

  it('is never a query result', () => {
    const reading = makeReading(deadlineAt + 1, { version: 6, report }, { source: 'QUERY' });

    expect(fold(timedOut, { kind: 'READING', reading }, deadlineAt + 1)).toBe(timedOut);
  });

  it('may be the end of the call', () => {
    const gone = fold(sending, { kind: 'GONE' }, sentAt + 1_000);
    const moved = play(gone, answers(answered(200, 'done'), sentAt + 2_000));

    expect(moved).toMatchObject({ status: 'FAILED', failure: gone.failure, acceptedAt: null });
    expect(moved.history.at(-1)).toMatchObject({ type: 'LATE_ANSWER', data: 'done' });
    expect(play(moved, answers(unknown, sentAt + 3_000))).toBe(moved);
  });

  it('changes nothing of an operation that is settled', () => {
    const succeeded = play(sending, answers(answered(200)), evidence);
    const second = { value: 'another', at: '2026-03-09T08:00:00Z' };

    expect(play(succeeded, reads({ version: 7, report: second }, deadlineAt + 1))).toBe(succeeded);
    expect(fold(succeeded, { kind: 'INTERRUPTED' }, deadlineAt + 1)).toBe(succeeded);
    expect(fold(succeeded, { kind: 'UNREADABLE', message: '' }, hardCapAt)).toBe(succeeded);
  });
});

describe('a failure that another profile could explain', () => {
  const undelivered = (code: 'DEVICE_OFFLINE' | 'INVALID'): Step =>
    answers({ kind: 'UNDELIVERED', code, message: 'as the hub put it' });

  it.each<[string, readonly Step[]]>([
    ['METHOD_REJECTED', [answers(answered(404))]],
    ['DEVICE_OFFLINE', [undelivered('DEVICE_OFFLINE')]],
    ['INVALID', [undelivered('INVALID')]],
    ['NO_ANSWER', [answers(unknown), reads({}, deadlineAt)]],
    ['NO_EVIDENCE', [answers(answered(200)), reads({}, deadlineAt)]],
  ])('%s names the profile, its method and its evidence', (code, steps) => {
    const { failure } = play(sending, ...steps);

    expect(failure?.code).toBe(code);
    expect(failure?.message).toContain(
      "(profile 'node': method reboot, evidence iothubDM.reboot.lastReboot)",
    );
  });

  it('is not one of the hub', () => {
    const answer = { kind: 'UNDELIVERED', code: 'THROTTLED', message: 'too many' } as const;

    expect(play(sending, answers(answer)).failure?.message).toBe('too many');
  });
});

describe('whatever comes, in whatever order', () => {
  const value = fc.constantFrom('before', 'after', 'another', 'foreign');
  const time = fc.constantFrom(
    '2026-03-09T05:00:00Z',
    '2026-03-09T06:00:00.5Z',
    '2026-03-09T06:00:00.5000001Z',
    '2026-03-09T07:00:01.5Z',
    '2026-03-09T07:00:02.6Z',
    '2026-03-09T07:10:00Z',
  );
  const form = fc.record({
    version: fc.integer({ min: 3, max: 8 }),
    deviceEtag: fc.constantFrom('MQ==', 'MQ==', 'MQ==', 'Mg=='),
    connected: fc.boolean(),
    report: fc.option(fc.record({ value, at: time })),
    reported: fc.constantFrom({}, { rebootId: requestedOperation().id }),
  });
  const answer: fc.Arbitrary<CommandAnswer> = fc.oneof(
    fc.constant({ kind: 'WRITTEN', version: 2 } as const),
    fc.constantFrom(200, 201, 404, 500).map((status) => answered(status)),
    fc.constant(unknown),
    fc
      .constantFrom('NOT_SENT', 'DEVICE_OFFLINE', 'THROTTLED')
      .map((code) => ({ kind: 'UNDELIVERED', code, message: 'no' }) as const),
  );
  const makeEvidence = (now: number): fc.Arbitrary<Evidence> =>
    fc.oneof(
      { weight: 2, arbitrary: fc.constant<Evidence>({ kind: 'CLAIM' }) },
      { weight: 2, arbitrary: answer.map((one): Evidence => ({ kind: 'ANSWER', answer: one })) },
      {
        weight: 6,
        arbitrary: fc
          .tuple(
            form,
            fc.constantFrom('POINT_READ', 'POINT_READ', 'EVENT', 'QUERY'),
            fc.integer({ min: 0, max: 3_000 }),
          )
          .map(([twin, source, took]): Evidence => {
            const reading = makeReading(now, twin, { source, askedAt: now - took });
            return { kind: 'READING', reading };
          }),
      },
      fc.constantFrom<Evidence>(
        { kind: 'UNREADABLE', message: 'no' },
        { kind: 'GONE' },
        { kind: 'INTERRUPTED' },
        { kind: 'CANCEL', by: 'somebody', reason: 'no' },
      ),
    );
  const steps = fc
    .array(fc.constantFrom(0, 1, 500, 2_000, 30_000, 400_000), { minLength: 1, maxLength: 20 })
    .chain((pauses) => {
      let now = requestedAt;
      const times = pauses.map((pause) => {
        now += pause;
        return now;
      });
      return fc.tuple(...times.map((at) => makeEvidence(at).map((learned): Step => [learned, at])));
    });
  const operation: fc.Arbitrary<Operation> = fc
    .record({
      rule: fc.constantFrom('NEW_VALUE', 'NEW_TIME'),
      echo: fc.boolean(),
      baseline: fc.boolean(),
      claimed: fc.boolean(),
      proved: fc.constantFrom(true, true, true, false),
      desired: fc.boolean(),
      success: fc.boolean(),
      failure: fc.boolean(),
    })
    .map(({ rule, echo, baseline, claimed, proved, desired, success, failure }) => {
      const expected: ExpectedEvidence = {
        ...rebootEvidence,
        rule,
        progress: [evidencePath],
        ...(echo && { operationIdPath: ['rebootId'] }),
        ...(success && { success: [{ path: evidencePath, in: ['after', 'before'] }] }),
        ...(failure && { failure: [{ path: evidencePath, eq: 'foreign' }] }),
      };
      const requested = requestedOperation({
        expected: proved ? expected : null,
        ...(desired && { call: { kind: 'DESIRED', path: ['reboot'], value: true } }),
        ...(!baseline && { baseline: null }),
      });
      return claimed ? play(requested, [{ kind: 'CLAIM' }, requestedAt]) : requested;
    });

  it('holds to what an operation promises', () => {
    const ends = new Set<string>();
    fc.assert(
      fc.property(operation, steps, (start, sequence) => {
        let before = deepFreeze(start);
        for (const [learned, now] of sequence) {
          const after = deepFreeze(fold(before, learned, now));
          checkStep(before, after, learned);
          checkState(after);
          before = after;
        }
        ends.add(before.failure?.code ?? before.status);
      }),
      { numRuns: 5_000 },
    );
    // The sequences do reach what they are meant to try.
    expect([...ends]).toEqual(
      expect.arrayContaining([
        'SUCCEEDED',
        'METHOD_REJECTED',
        'NOT_SENT',
        'DEVICE_NOT_FOUND',
        'DEVICE_REPLACED',
        'NO_ANSWER',
        'NO_EVIDENCE',
        'DEVICE_REPORTED_FAILURE',
        'CANCELED',
      ]),
    );
  });

  function checkStep(before: Operation, after: Operation, learned: Evidence): void {
    const events = after.history.slice(before.history.length);
    expect(after.history.slice(0, before.history.length)).toEqual(before.history);
    expect(after.sequence).toBe(before.sequence + events.length);
    // Only a baseline moves without an event.
    if (events.length === 0)
      expect({ ...after, baseline: null }).toEqual({ ...before, baseline: null });
    if (before.sentAt !== null) expect(after.sentAt).toBe(before.sentAt);
    if (learned.kind === 'CLAIM' && before.status !== 'REQUESTED') expect(after).toBe(before);
    if (learned.kind !== 'CLAIM') expect(after.sentAt).toBe(before.sentAt);
    if (learned.kind === 'READING' && learned.reading.source === 'QUERY') {
      expect(after).toBe(before);
    }
    if (learned.kind === 'CANCEL' && before.sentAt !== null) expect(after).toBe(before);
    if (isTerminal(before.status)) {
      const { status, failure, proof, finishedAt } = before;
      expect(after).toMatchObject({ status, failure, proof, finishedAt });
    }
  }

  function checkState(after: Operation): void {
    const { status, answer, report, failure, history, sequence, finishedAt } = after;
    expect(history.map((event) => event.sequence)).toEqual(history.map((_, index) => index + 1));
    expect(history).toHaveLength(sequence);
    expect(history.at(-1)?.status).toBe(status);
    expect(finishedAt !== null).toBe(isTerminal(status));
    expect(failure !== null).toBe(status === 'FAILED' || status === 'TIMED_OUT');
    expect(after.proof !== null).toBe(status === 'SUCCEEDED');
    if (status === 'CANCELED') expect(after.sentAt).toBeNull();
    if (failure?.code === 'DEVICE_REPORTED_FAILURE') expect(report?.failed).toBe(true);
    if (status !== 'SUCCEEDED') return;
    expect(report === null).toBe(after.expected === null);
    expect(report?.failed).toBeUndefined();
    if (after.expected === null) expect(after.proof).toBe('ACKNOWLEDGED');
    if (answer?.kind === 'ANSWERED') {
      expect(Math.floor(answer.status / 100)).toBe(2);
    } else {
      expect(after.expected === null ? ['WRITTEN'] : ['WRITTEN', 'UNKNOWN']).toContain(
        answer?.kind,
      );
    }
  }

  function deepFreeze<T>(value: T): T {
    if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
      Object.freeze(value);
      for (const inner of Object.values(value)) deepFreeze(inner);
    }
    return value;
  }
});
