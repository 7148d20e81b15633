import { describe, expect, it } from 'vitest';
import type { ExpectedEvidence } from '../../../src/services/actions/evidence.js';
import { baselineOf, type Evidence, fold } from '../../../src/services/actions/fold.js';
import {
  isUnsettled,
  needsWatching,
  type Operation,
} from '../../../src/services/actions/operation.js';
import type { CommandAnswer } from '../../../src/services/hub/hub.js';
import { parseTwin, type TwinReading } from '../../../src/services/hub/twin.js';
import type { JsonObject, JsonValue } from '../../../src/services/json.js';
import { requestedAt, requestedOperation } from '../support/operations.js';
import { makeReading } from '../support/twins.js';

const sentAt = requestedAt + 2_000;
const deadlineAt = sentAt + 300_000;

/** What stands at a dotted path, and since which second after the request. */
type Properties = Readonly<Record<string, readonly [value: JsonValue, second: number]>>;

function section(properties: Properties, version: number): JsonObject {
  const values = {};
  const metadata = { $lastUpdated: stamp(-3_600) };
  for (const [path, [value, second]] of Object.entries(properties)) {
    const keys = path.split('.');
    put(values, keys, value);
    put(metadata, [...keys, '$lastUpdated'], stamp(second));
  }
  return { ...values, $metadata: metadata, $version: version };
}

function put(target: Record<string, JsonValue>, keys: readonly string[], value: JsonValue): void {
  const [key = '', ...rest] = keys;
  if (rest.length === 0) {
    target[key] = value;
    return;
  }
  target[key] ??= {};
  put(target[key] as Record<string, JsonValue>, rest, value);
}

function stamp(second: number): string {
  return new Date(requestedAt + second * 1000).toISOString();
}

function reading(
  at: number,
  reported: Properties,
  desired: Properties = {},
  version = 5,
): TwinReading {
  const twin = parseTwin({
    deviceId: 'pump-7',
    etag: 'AAAAAAAAAAE=',
    deviceEtag: 'MQ==',
    connectionState: 'Connected',
    version,
    tags: {},
    properties: { desired: section(desired, version), reported: section(reported, version) },
  });
  if (!twin) throw new TypeError('not a twin');
  return { ...makeReading(at), twin };
}

type Step = readonly [evidence: Evidence, now: number];

const claim: Step = [{ kind: 'CLAIM' }, sentAt];
const yes = answers({ kind: 'ANSWERED', status: 200, payload: null });
const lost = answers({ kind: 'UNKNOWN', message: 'IoT Hub answered 504' });

function answers(answer: CommandAnswer, at = sentAt + 500): Step {
  return [{ kind: 'ANSWER', answer }, at];
}

function reads(second: number, reported: Properties, desired: Properties = {}): Step {
  const at = requestedAt + second * 1000;
  return [{ kind: 'READING', reading: reading(at, reported, desired, 5 + second) }, at];
}

function play(operation: Operation, ...steps: readonly Step[]): Operation {
  return steps.reduce((moved, [learned, now]) => fold(moved, learned, now), operation);
}

function types({ history }: Operation): readonly string[] {
  return history.map(({ type }) => type);
}

const expected: ExpectedEvidence = {
  path: ['fw', 'status'],
  rule: 'NEW_TIME',
  proof: 'REPORTED_AFTER',
  success: [
    { path: ['fw', 'status'], eq: 'current' },
    { path: ['fw', 'version'], eq: '2' },
  ],
  failure: [{ path: ['fw', 'status'], in: ['error', 'rolledback'] }],
  progress: [
    ['fw', 'status'],
    ['fw', 'percent'],
  ],
};

/** An operation whose device had reported this, long ago, when it was asked for. */
function requested(before: Properties = {}, changes: Partial<Operation> = {}): Operation {
  const operation = requestedOperation({ expected, ...changes });
  const path = operation.expected?.path;
  return { ...operation, baseline: baselineOf(path, reading(requestedAt, before)) };
}

const old = { 'fw.status': ['current', -60], 'fw.version': ['1', -60] } as const;

describe('success conditions', () => {
  it('must hold besides the evidence, all of them', () => {
    const operation = play(requested(old), claim, yes);
    const rebooted = reads(5, { 'fw.status': ['current', 4], 'fw.version': ['1', 4] });
    const updated = reads(9, { 'fw.status': ['current', 8], 'fw.version': ['2', 8] });

    expect(play(operation, rebooted).status).toBe('IN_PROGRESS');
    expect(play(operation, rebooted, updated)).toMatchObject({
      status: 'SUCCEEDED',
      proof: 'REPORTED_AFTER',
      report: { value: 'current' },
    });
  });

  it('are nothing without the evidence: what held before proves nothing', () => {
    const done = { 'fw.status': ['current', -60], 'fw.version': ['2', -60] } as const;
    const operation = play(requested(done), claim, yes);

    expect(play(operation, reads(5, done)).status).toBe('ACCEPTED');
    expect(play(operation, reads(5, { ...done, 'fw.percent': [0, 4] })).status).toBe('IN_PROGRESS');
  });
});

describe('a failure condition', () => {
  it('fails it with what was reported, whatever the answer', () => {
    const error = reads(5, { 'fw.status': ['error', 4], 'fw.percent': [40, 4] });
    for (const steps of [[yes], [lost], []]) {
      const moved = play(requested(old), claim, ...steps, error);

      expect(moved).toMatchObject({
        status: 'FAILED',
        proof: null,
        finishedAt: requestedAt + 5_000,
        failure: {
          code: 'DEVICE_REPORTED_FAILURE',
          retryable: false,
          data: { 'fw.status': 'error', 'fw.percent': 40 },
        },
        report: { failed: true },
      });
      expect(moved.history.at(-1)?.data).toEqual(moved.failure?.data);
    }
  });

  it('does not look at what was reported before the sending', () => {
    const failed = { 'fw.status': ['error', -60] } as const;
    const operation = play(requested(failed), claim, yes);
    const begun = reads(5, { ...failed, 'fw.percent': [0, 4] });

    expect(play(operation, begun)).toMatchObject({
      status: 'IN_PROGRESS',
      progress: { step: null, data: { 'fw.percent': 0 } },
    });
    // Between the baseline and the sending: by the hub's clock, not ours.
    expect(play(operation, reads(5, { 'fw.status': ['error', 1] })).status).toBe('ACCEPTED');
    expect(play(operation, reads(5, { 'fw.status': ['error', 3] })).status).toBe('FAILED');
  });

  it('takes all of several to have been reported since', () => {
    const both = [
      { path: ['fw', 'status'], eq: 'error' },
      { path: ['fw', 'percent'], eq: 0 },
    ];
    const stale = { 'fw.percent': [0, -60] } as const;
    const operation = play(requested(stale, { expected: { ...expected, failure: both } }), claim);

    expect(play(operation, reads(5, { ...stale, 'fw.status': ['error', 4] })).status).toBe(
      'IN_PROGRESS',
    );
    expect(
      play(operation, reads(5, { 'fw.percent': [0, 4], 'fw.status': ['error', 4] })).status,
    ).toBe('FAILED');
  });

  it('that comes late settles the operation and leaves its status', () => {
    const over = play(requested(old), claim, yes, reads(303, old));
    const late = play(over, reads(310, { 'fw.status': ['error', 309] }));

    expect(over).toMatchObject({ status: 'TIMED_OUT', failure: { code: 'NO_EVIDENCE' } });
    expect(isUnsettled(over)).toBe(true);
    expect(late).toMatchObject({
      status: 'TIMED_OUT',
      failure: over.failure,
      report: { failed: true },
    });
    expect(types(late).at(-1)).toBe('LATE_REPORT');
    expect(isUnsettled(late)).toBe(false);
  });
});

describe('progress', () => {
  it('is told once for each change, with all that is new since the sending', () => {
    const moved = play(
      requested(old),
      claim,
      reads(3, old),
      reads(4, { ...old, 'fw.status': ['downloading', 4] }),
      reads(5, { ...old, 'fw.status': ['downloading', 4] }),
      reads(6, { ...old, 'fw.status': ['downloading', 4], 'fw.percent': [50, 6] }),
      yes,
    );

    expect(moved.history.filter(({ type }) => type === 'PROGRESS').map(({ data }) => data)).toEqual(
      [{ 'fw.status': 'downloading' }, { 'fw.status': 'downloading', 'fw.percent': 50 }],
    );
    expect(moved).toMatchObject({
      status: 'IN_PROGRESS',
      acceptedAt: sentAt + 500,
      progress: { step: 'downloading', at: requestedAt + 6_000 },
    });
  });

  it('is of this operation alone where the device repeats its id', () => {
    const echoing = { ...expected, operationIdPath: ['fw', 'operationId'] };
    const operation = play(requested(old, { expected: echoing }), claim, yes);
    const of = (id: string) => reads(5, { 'fw.status': ['error', 4], 'fw.operationId': [id, 4] });

    expect(play(operation, of('another'))).toMatchObject({ status: 'ACCEPTED', progress: null });
    expect(play(operation, of(operation.id))).toMatchObject({
      status: 'FAILED',
      attribution: 'EXACT',
    });
  });
});

describe('without evidence', () => {
  const bare = { expected: null, baseline: null, deadlineSeconds: 0 };

  it('a yes is a success, acknowledged', () => {
    const moved = play(requestedOperation(bare), claim, yes);

    expect(moved).toMatchObject({ status: 'SUCCEEDED', proof: 'ACKNOWLEDGED', report: null });
    expect(types(moved)).toEqual(['REQUESTED', 'SENDING', 'ANSWERED', 'FINISHED']);
  });

  it('a no is a failure', () => {
    const no = answers({ kind: 'ANSWERED', status: 404, payload: 'what?' });

    expect(play(requestedOperation(bare), claim, no).failure?.code).toBe('METHOD_REJECTED');
  });

  it('a lost answer is known to be lost at the deadline, not before, and leaves nothing to come', () => {
    const operation = play(requestedOperation(bare), claim, lost);
    const over = play(operation, reads(32, {}));

    expect(operation).toMatchObject({ status: 'SENDING', deadlineAt: sentAt + 30_000 });
    expect(play(operation, reads(31, {})).status).toBe('SENDING');
    expect(over).toMatchObject({ status: 'TIMED_OUT', failure: { code: 'NO_ANSWER' } });
    expect(isUnsettled(over)).toBe(false);
  });

  it('the twin is not looked at until the answer is lost', () => {
    const operation = play(requestedOperation(bare), claim);

    expect(needsWatching(operation)).toBe(false);
    expect(needsWatching(play(operation, lost))).toBe(true);
    expect(needsWatching(play(requested(old), claim))).toBe(true);
  });

  it('what needs a baseline is not sent without one, what needs none is', () => {
    expect(play(requestedOperation(bare), claim).status).toBe('SENDING');
    expect(play(requestedOperation({ baseline: null }), claim).status).toBe('REQUESTED');
  });
});

describe('a desired property', () => {
  const call = { kind: 'DESIRED', path: ['power'], value: { mode: 'saving', wake: null } } as const;
  const written = answers({ kind: 'WRITTEN', version: 6 });

  it('that the hub has written is accepted, and takes the deadline of its profile', () => {
    const moved = play(requested(old, { call }), claim, written);

    expect(moved).toMatchObject({ status: 'ACCEPTED', acceptedAt: sentAt + 500, deadlineAt });
    expect(types(moved)).toEqual(['REQUESTED', 'SENDING', 'WRITTEN']);
    expect(play(moved, reads(303, old)).failure).toMatchObject({
      code: 'NO_EVIDENCE',
      message: expect.stringContaining('desired property power'),
    });
  });

  it('is a success by itself where there is no evidence', () => {
    const moved = play(requested({}, { call, expected: null }), claim, written);

    expect(moved).toMatchObject({ status: 'SUCCEEDED', proof: 'ACKNOWLEDGED' });
  });

  it('whose answer was lost is found in the twin, if it is there since', () => {
    const operation = play(requested(old, { call }), claim, lost);
    const there = (mode: string, second: number) =>
      reads(5, old, { 'power.mode': [mode, second], 'power.other': [1, -60] });

    expect(play(operation, there('saving', 3))).toMatchObject({
      status: 'ACCEPTED',
      answer: { kind: 'WRITTEN', version: 10 },
    });
    expect(play(operation, there('saving', -60))).toBe(operation);
    expect(play(operation, there('normal', 3))).toBe(operation);
    expect(play(operation, there('normal', 3), reads(303, old)).failure?.code).toBe('NO_ANSWER');
  });

  it('is found even by a gateway that comes after the one that wrote it', () => {
    const adopted = play(requested(old, { call }), claim, [
      { kind: 'INTERRUPTED' },
      sentAt + 9_000,
    ]);

    expect(types(play(adopted, reads(12, old, { 'power.mode': ['saving', 3] })))).toEqual([
      'REQUESTED',
      'SENDING',
      'ANSWER_UNKNOWN',
      'WRITTEN',
    ]);
  });
});

describe('calling it off', () => {
  const cancel: Step = [{ kind: 'CANCEL', by: 'ops', reason: 'wrong device' }, requestedAt + 1_000];

  it('ends what was not claimed, for good', () => {
    const canceled = play(requestedOperation(), cancel);

    expect(canceled).toMatchObject({
      status: 'CANCELED',
      failure: null,
      proof: null,
      finishedAt: requestedAt + 1_000,
    });
    expect(canceled.history.at(-1)).toMatchObject({
      type: 'CANCELED',
      message: 'canceled by ops: wrong device',
    });
    const stopped = answers({ kind: 'UNDELIVERED', code: 'NOT_SENT', message: 'stopped' });
    expect(play(canceled, claim, stopped, cancel)).toBe(canceled);
  });

  it('changes nothing once it is claimed', () => {
    const sending = play(requestedOperation(), claim);

    expect(play(sending, cancel)).toBe(sending);
  });
});
