import { describe, expect, it } from 'vitest';
import { type Evidence, fold, HARD_CAP_MS } from '../../../src/services/actions/fold.js';
import {
  awaitsFeedback,
  needsWatching,
  type Operation,
} from '../../../src/services/actions/operation.js';
import type { MessageFate } from '../../../src/services/hub/message.js';
import { claimed, requestedAt, requestedOperation } from '../support/operations.js';

const requested = requestedOperation({
  action: 'sendMessage',
  profile: 'message',
  disturbing: false,
  call: { kind: 'MESSAGE', body: { text: 'x' }, properties: {}, timeToLiveSeconds: 60 },
  expected: null,
  deadlineSeconds: 0,
  baseline: null,
});
const sentAt = requestedAt + 1_000;
/** It lives a minute; what the hub tells may take two more. */
const deadlineAt = sentAt + 60_000 + 120_000;

const enqueued: Evidence = { kind: 'ANSWER', answer: { kind: 'ENQUEUED' } };
const lost: Evidence = { kind: 'ANSWER', answer: { kind: 'UNKNOWN', message: 'reset' } };

function feedback(fate: MessageFate): Evidence {
  const record = { statusCode: fate, description: 'as the hub says' };
  return { kind: 'FEEDBACK', feedback: { messageId: '', deviceId: '', fate, record } };
}

function play(operation: Operation, ...steps: readonly (readonly [Evidence, number])[]): Operation {
  return steps.reduce((moved, [evidence, at]) => fold(moved, evidence, at), operation);
}

const accepted = play(claimed(requested), [enqueued, sentAt + 100]);

describe('a message', () => {
  it('waits for feedback from the claim on, and never for its twin', () => {
    const open = [claimed(requested), accepted, play(claimed(requested), [lost, sentAt])];

    expect(awaitsFeedback(requested)).toBe(false);
    expect(open.map(awaitsFeedback)).toEqual([true, true, true]);
    expect(open.map(needsWatching)).toEqual([false, false, false]);
    expect(accepted).toMatchObject({ status: 'ACCEPTED', acceptedAt: sentAt + 100, deadlineAt });
  });

  it('is acknowledged by the device that completed it, whatever became of the answer', () => {
    for (const open of [claimed(requested), accepted, play(claimed(requested), [lost, sentAt])]) {
      const done = fold(open, feedback('Success'), sentAt + 200);

      expect(done).toMatchObject({ status: 'SUCCEEDED', proof: 'ACKNOWLEDGED', failure: null });
      expect(done.acceptedAt).not.toBeNull();
      expect(awaitsFeedback(done)).toBe(false);
    }
  });

  it.each([
    ['Expired', 'MESSAGE_EXPIRED', true],
    ['DeliveryCountExceeded', 'MESSAGE_UNDELIVERABLE', false],
    ['Rejected', 'MESSAGE_REJECTED', false],
    ['Purged', 'MESSAGE_PURGED', false],
  ] as const)('of which the hub tells %s has failed: %s', (fate, code, retryable) => {
    const failed = fold(accepted, feedback(fate), sentAt + 200);

    expect(failed).toMatchObject({ status: 'FAILED', proof: null, failure: { code, retryable } });
    expect(failed.history.at(-2)).toMatchObject({
      type: 'FEEDBACK',
      data: { statusCode: fate, description: 'as the hub says' },
    });
  });

  it('that was never claimed has no feedback', () => {
    expect(fold(requested, feedback('Success'), sentAt)).toBe(requested);
  });

  it('times out when its feedback was listened to in vain, past its life and what the hub takes', () => {
    const silence: Evidence = { kind: 'SILENCE', since: sentAt };
    const recent: Evidence = { kind: 'SILENCE', since: deadlineAt - 10_000 };

    expect(fold(accepted, silence, deadlineAt - 1)).toBe(accepted);
    expect(fold(accepted, recent, deadlineAt)).toBe(accepted);
    expect(fold(claimed(requested), silence, deadlineAt).status).toBe('SENDING');
    expect(fold(accepted, silence, deadlineAt)).toMatchObject({
      status: 'TIMED_OUT',
      failure: { code: 'NO_FEEDBACK', retryable: false },
    });
    expect(fold(accepted, recent, deadlineAt + 20_000).status).toBe('TIMED_OUT');
    expect(play(claimed(requested), [lost, sentAt], [silence, deadlineAt])).toMatchObject({
      status: 'TIMED_OUT',
      failure: { code: 'NO_ANSWER', retryable: true },
    });
  });

  it('stays open while feedback cannot be listened to, for ten minutes', () => {
    const deaf: Evidence = { kind: 'UNREADABLE', message: 'no way in' };

    expect(fold(accepted, deaf, deadlineAt + HARD_CAP_MS - 1)).toBe(accepted);
    expect(fold(accepted, deaf, deadlineAt + HARD_CAP_MS)).toMatchObject({
      status: 'TIMED_OUT',
      failure: { code: 'HUB_UNREADABLE', message: 'feedback could not be read: no way in' },
    });
  });

  it('that timed out keeps its status; what the hub then tells is added, once', () => {
    const late = play(
      accepted,
      [{ kind: 'SILENCE', since: sentAt }, deadlineAt],
      [feedback('Success'), deadlineAt + 1],
      [feedback('Success'), deadlineAt + 2],
    );

    expect(late.status).toBe('TIMED_OUT');
    expect(late.history.map(({ type }) => type).slice(-2)).toEqual(['FINISHED', 'LATE_FEEDBACK']);
  });

  it('takes in the same feedback once, though the hub may tell it again', () => {
    const done = fold(accepted, feedback('Success'), sentAt + 200);

    expect(fold(done, feedback('Success'), sentAt + 300)).toBe(done);
  });

  it('that was sent when the gateway stopped goes on, of unknown answer', () => {
    const interrupted = fold(claimed(requested), { kind: 'INTERRUPTED' }, sentAt + 1);

    expect(interrupted).toMatchObject({ status: 'SENDING', answer: { kind: 'UNKNOWN' } });
    expect(awaitsFeedback(interrupted)).toBe(true);
  });
});
