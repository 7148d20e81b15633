import type { Packet } from 'mqtt-packet';
import { formatDeviceError, type HubError } from '../../errors.js';
import type { Answer } from '../exchange.js';
import { formatTwinResponse } from '../topics.js';
import { acknowledge } from './acknowledge.js';
import type { Publication } from './publication.js';

interface TwinReply {
  readonly status: number;
  readonly payload: string;
  /** The `$version` that the reported properties now have. */
  readonly version?: number;
}

/** The answer to a twin request. A device that has not subscribed to answers gets none. */
export function replyTwin(
  { client, packet }: Publication,
  requestId: string,
  { status, payload, version }: TwinReply,
): Answer {
  const response: Packet = {
    cmd: 'publish',
    topic: formatTwinResponse(status, requestId, version),
    payload,
    qos: 0,
    dup: false,
    retain: false,
  };
  const listens = client.session.subscriptions.has('twinResponses');
  return { status, packets: [...acknowledge(packet), ...(listens ? [response] : [])] };
}

/** Node's SDK reads a refusal from the body alone, Python's from the topic alone: both say it. */
export function refuseTwin(publication: Publication, requestId: string, error: HubError): Answer {
  const { createTrackingId, clock } = publication.connection.context.hub;
  return replyTwin(publication, requestId, {
    status: error.status,
    payload: formatDeviceError(error, createTrackingId(), clock),
  });
}
