import type { Operation } from '../calls.js';

/** The tiers that have twins, methods and jobs; the basic ones lack them all. */
export const tiers = ['F1', 'S1', 'S2', 'S3'] as const;

export type Tier = (typeof tiers)[number];

/** Requests that draw on one throttle together. */
export type RequestClass =
  | 'registry'
  | 'twinReads'
  | 'twinUpdates'
  | 'queries'
  | 'methods'
  | 'jobs'
  | 'jobSteps'
  | 'connections'
  | 'telemetry'
  | 'messages';

/** So many requests in an interval; that many may also come at once. */
export interface Quota {
  readonly requests: number;
  readonly intervalMs: number;
}

const classes: Readonly<Record<Operation, RequestClass | undefined>> = {
  'device.create': 'registry',
  'device.update': 'registry',
  'device.get': 'registry',
  'device.list': 'registry',
  'device.delete': 'registry',
  'device.bulk': 'registry',
  'module.create': 'registry',
  'module.update': 'registry',
  'module.get': 'registry',
  'module.list': 'registry',
  'module.delete': 'registry',
  'twin.get': 'twinReads',
  'twin.patch': 'twinUpdates',
  'twin.replace': 'twinUpdates',
  query: 'queries',
  'method.invoke': 'methods',
  'message.purge': undefined,
  'message.send': 'messages',
  'feedback.receive': undefined,
  'feedback.complete': undefined,
  'feedback.abandon': undefined,
  'job.create': 'jobs',
  'job.get': 'jobs',
  'job.query': 'jobs',
  'job.cancel': 'jobs',
  'statistics.devices': undefined,
  'statistics.service': undefined,
  'mqtt.connect': 'connections',
  'mqtt.subscribe': undefined,
  'mqtt.twin.get': 'twinReads',
  'mqtt.twin.patch': 'twinUpdates',
  'mqtt.method.response': undefined,
  'mqtt.telemetry': 'telemetry',
};

export function classOf(operation: Operation): RequestClass | undefined {
  return classes[operation];
}

/** The throttles of "IoT Hub quotas and throttling". */
export function quotaOf(requestClass: RequestClass, tier: Tier, units: number): Quota {
  switch (requestClass) {
    case 'registry':
      return perMinute(pick(tier, 100, 100, 5000) * units);
    case 'twinReads':
      return perSecond(pick(tier, 100, Math.max(100, 10 * units), 500 * units));
    case 'twinUpdates':
      return perSecond(pick(tier, 50, Math.max(50, 5 * units), 250 * units));
    case 'queries':
      return perMinute(pick(tier, 20, 20, 1000) * units);
    case 'methods':
      // 160 KB, 480 KB and 24 MB a second, metered in pieces of 4 KB
      return perSecond(pick(tier, 40, 120, 6144) * units);
    case 'jobs':
      return perMinute(pick(tier, 100, 100, 5000) * units);
    case 'jobSteps':
      return perSecond(pick(tier, 10, Math.max(10, units), 50 * units));
    case 'connections':
    case 'telemetry':
      return perSecond(pick(tier, Math.max(100, 12 * units), 120 * units, 6000 * units));
    case 'messages':
      return perMinute(pick(tier, 100, 100, 5000) * units);
  }
}

/** What of a request, and of its answer, counts toward the daily quota. */
export type Metered = 'received' | 'sent' | 'both';

/** The charges of "Azure IoT Hub billing information". What is not named is free. */
const metered: Readonly<Partial<Record<Operation, Metered>>> = {
  'twin.get': 'sent',
  'twin.patch': 'received',
  'twin.replace': 'received',
  query: 'sent',
  'method.invoke': 'both',
  'message.send': 'received',
  'mqtt.telemetry': 'received',
  'mqtt.twin.get': 'sent',
  'mqtt.twin.patch': 'received',
};

export function meteredOf(operation: Operation): Metered | undefined {
  return metered[operation];
}

/** The messages that a hub takes in a day. */
export function dailyMessagesOf(tier: Tier, units: number): number {
  return tier === 'F1' ? 8000 : pick(tier, 400_000, 6_000_000, 300_000_000) * units;
}

/** What is larger counts as several messages. */
export function messageBytesOf(tier: Tier): number {
  return tier === 'F1' ? 512 : 4096;
}

/** How many jobs may be scheduled or under way at the same time. */
export function maxActiveJobs(tier: Tier): number {
  return pick(tier, 1, 5, 10);
}

function pick(tier: Tier, small: number, medium: number, large: number): number {
  if (tier === 'S3') return large;
  return tier === 'S2' ? medium : small;
}

function perSecond(requests: number): Quota {
  return { requests, intervalMs: 1000 };
}

function perMinute(requests: number): Quota {
  return { requests, intervalMs: 60_000 };
}
