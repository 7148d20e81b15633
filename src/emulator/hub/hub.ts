import { randomUUID } from 'node:crypto';
import { type CallRecorder, createCallLog } from '../calls.js';
import type { Clock } from '../clock.js';
import type { EntraVerifier } from '../entra.js';
import type { CreateTrackingId } from '../errors.js';
import { createFaults, type FaultSource } from '../faults.js';
import type { HostNames } from '../host-names.js';
import { createDeviceBound, type DeviceBound } from './device-bound.js';
import { createEvents, type Events } from './events.js';
import { createFeedback, type Feedback } from './feedback.js';
import { createFeedbackLocks, type FeedbackLocks } from './feedback-locks.js';
import { createJobs, type Jobs } from './jobs.js';
import type { Journal } from './journal.js';
import { createLinks, type Links } from './links.js';
import { createMethods, type Methods } from './methods.js';
import { createQueries, type Queries } from './queries.js';
import { createLaggingIndex, createLiveIndex } from './query-index.js';
import { createRegistry, type Registry } from './registry.js';
import { boundless, createThrottles, type Size, type Throttles } from './throttles.js';
import { createTimestamps, type Timestamp } from './timestamps.js';
import { createTwins, type Twins } from './twins.js';

export interface HubOptions {
  readonly clock: Clock;
  readonly hostNames: HostNames;
  readonly journal: Journal;
  /** Whose throttles apply; without one, none do. */
  readonly size?: Size | undefined;
  /** Who judges bearer tokens; without one, none are taken. */
  readonly entra?: EntraVerifier | undefined;
  /** How far queries lag behind. Default 0. */
  readonly queryStalenessMs?: number | undefined;
}

/** The whole state of an IoT Hub. The protocols are doors to it and keep none of their own. */
export interface Hub {
  readonly clock: Clock;
  readonly hostNames: HostNames;
  readonly entra: EntraVerifier | undefined;
  readonly registry: Registry;
  readonly twins: Twins;
  readonly links: Links;
  readonly methods: Methods;
  readonly jobs: Jobs;
  readonly throttles: Throttles;
  readonly deviceBound: DeviceBound;
  readonly feedback: Feedback;
  readonly feedbackLocks: FeedbackLocks;
  /** Where device-to-cloud messages arrive. */
  readonly events: Events;
  readonly queries: Queries;
  readonly calls: CallRecorder;
  readonly faults: FaultSource;
  readonly stamp: () => Timestamp;
  readonly createTrackingId: CreateTrackingId;
}

export function createHub({
  clock,
  hostNames,
  journal,
  size,
  entra,
  queryStalenessMs = 0,
}: HubOptions): Hub {
  const throttles = size === undefined ? boundless : createThrottles(clock, size);
  const stamp = createTimestamps(clock);
  const links = createLinks(stamp);
  const registry = createRegistry(links, journal, stamp);
  const twins = createTwins(journal, stamp);
  const methods = createMethods(links, clock);
  const index =
    queryStalenessMs > 0
      ? createLaggingIndex(registry, clock, queryStalenessMs)
      : createLiveIndex(registry);
  const feedback = createFeedback(stamp);
  const jobs = createJobs({ clock, registry, twins, methods, journal, throttles, stamp });
  return {
    clock,
    hostNames,
    entra,
    registry,
    links,
    stamp,
    twins,
    methods,
    jobs,
    throttles,
    feedback,
    feedbackLocks: createFeedbackLocks(feedback, clock),
    events: createEvents(clock),
    deviceBound: createDeviceBound({ clock, links, registry, feedback, journal }),
    queries: createQueries(index, jobs),
    calls: createCallLog(),
    faults: createFaults(),
    createTrackingId: () => randomUUID().replaceAll('-', ''),
  };
}
