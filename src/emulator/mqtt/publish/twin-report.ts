import { hubError } from '../../errors.js';
import { parseJson } from '../../json.js';
import type { Answer, PacketExchange } from '../exchange.js';
import type { PublishTopic } from '../topics.js';
import type { Publication } from './publication.js';
import { refuseTwin, replyTwin } from './twin-reply.js';

type TwinReportTopic = Extract<PublishTopic, { kind: 'twinReport' }>;

/** The device reports properties. */
export function answerTwinReport(publication: Publication, topic: TwinReportTopic): PacketExchange {
  const { deviceId, moduleId } = publication.client.identity;
  return {
    call: { operation: 'mqtt.twin.patch', deviceId, moduleId },
    process: () => report(publication, topic),
    refuse: (error) => refuseTwin(publication, topic.requestId, error),
  };
}

function report(publication: Publication, { requestId, baseVersion }: TwinReportTopic): Answer {
  const { connection, client, payload } = publication;
  if (client.apiVersion === undefined) {
    throw hubError('ArgumentInvalid', 'The device connected without an api-version.');
  }
  const patch = parseJson(payload.toString('utf8'));
  const version = connection.context.hub.twins.report(client.identity, patch, baseVersion);
  connection.context.hub.throttles.charge('mqtt.twin.patch', { received: payload.length });
  return replyTwin(publication, requestId, { status: 204, payload: '', version });
}
