import type { FaultEffect } from '../../src/emulator/faults.js';

/** A hub that goes wrong when the call is made, and how the operation must end. */
export interface CallFault {
  readonly what: string;
  readonly effect: FaultEffect;
  /** How often the device is called. */
  readonly calls: 0 | 1;
  readonly ends: { readonly status: string; readonly code: string | null };
}

const succeeded = { status: 'SUCCEEDED', code: null } as const;
const noAnswer = { status: 'TIMED_OUT', code: 'NO_ANSWER' } as const;
const webPage = { kind: 'lie', body: '<h1>Welcome</h1>', contentType: 'text/html' } as const;
const halfJson = { kind: 'lie', body: '{"status":20' } as const;
const otherJson = { kind: 'lie', body: '{"status":"fine","payload":7}' } as const;
const unavailable = { kind: 'status', status: 503, code: 'ServiceUnavailable' } as const;

export const callFaults: readonly CallFault[] = [
  {
    what: 'answers 429',
    effect: { kind: 'throttle' },
    calls: 0,
    ends: { status: 'FAILED', code: 'THROTTLED' },
  },
  { what: 'answers 503', effect: unavailable, calls: 0, ends: noAnswer },
  {
    what: 'hangs before it calls the device',
    effect: { kind: 'hang' },
    calls: 0,
    ends: noAnswer,
  },
  {
    what: 'hangs after it called the device',
    effect: { kind: 'hang', when: 'after' },
    calls: 1,
    ends: succeeded,
  },
  {
    what: 'resets the connection before it calls the device',
    effect: { kind: 'reset' },
    calls: 0,
    ends: noAnswer,
  },
  {
    what: 'resets the connection after it called the device',
    effect: { kind: 'reset', when: 'after' },
    calls: 1,
    ends: succeeded,
  },
  { what: 'answers half a body', effect: { kind: 'truncate' }, calls: 1, ends: succeeded },
  { what: 'answers in two pieces', effect: { kind: 'split' }, calls: 1, ends: succeeded },
  { what: 'answers 200 with a web page', effect: webPage, calls: 1, ends: succeeded },
  { what: 'answers 200 with half a JSON', effect: halfJson, calls: 1, ends: succeeded },
  { what: 'answers 200 without the status', effect: otherJson, calls: 1, ends: succeeded },
];

/** A hub that goes wrong for a minute whenever the twin is read, with an operation under way. */
export interface ReadFault {
  readonly what: string;
  readonly effect: FaultEffect;
  /** The most that it may be asked for one device in that minute; undefined: reading goes on. */
  readonly mostReads: number | undefined;
}

const sections = { desired: {}, reported: { iothubDM: { reboot: { lastReboot: 'a lie' } } } };
const lie = (body: object): FaultEffect => ({ kind: 'lie', body: JSON.stringify(body) });
const bareTwin = lie({ deviceId: 'any', properties: sections });
const otherTwin = lie({ deviceId: 'other', version: 1_000, properties: sections });
const hugeBody: FaultEffect = { kind: 'lie', body: ' '.repeat(5 * 1024 * 1024) };

/** At the tests' pace a healthy hub is asked 1,200 times a minute. */
export const readFaults: readonly ReadFault[] = [
  { what: 'answers 429', effect: { kind: 'throttle' }, mostReads: 15 },
  { what: 'answers 503', effect: unavailable, mostReads: 150 },
  { what: 'hangs', effect: { kind: 'hang' }, mostReads: 15 },
  { what: 'resets the connection', effect: { kind: 'reset' }, mostReads: 150 },
  { what: 'answers half a body', effect: { kind: 'truncate' }, mostReads: 150 },
  { what: 'cuts a character in two', effect: { kind: 'split' }, mostReads: undefined },
  { what: 'answers 200 with a web page', effect: webPage, mostReads: 150 },
  { what: 'answers 200 with half a JSON', effect: halfJson, mostReads: 150 },
  { what: 'answers with a twin that lacks its version', effect: bareTwin, mostReads: 150 },
  { what: "answers with another device's twin", effect: otherTwin, mostReads: 150 },
  { what: 'answers with 5 MB', effect: hugeBody, mostReads: 150 },
];
