import rhea, { type EventContext, type Sender } from 'rhea';
import type { FeedbackBatch } from '../hub/feedback.js';
import type { AmqpClient } from './client.js';

/** Where services hear what became of their messages, in lower case. */
export const feedbackAddress = '/messages/servicebound/feedback';

const contentType = 'application/vnd.microsoft.iothub.feedback.json';

/** Sends feedback as it comes. What the client does not accept, or leaves unsettled, goes to another. */
export function sendFeedback({ hub }: AmqpClient, sender: Sender): void {
  const underWay = new Map<number, FeedbackBatch>();

  function sendNext(): void {
    if (!sender.sendable()) return;
    const batch = hub.feedback.take();
    if (batch === undefined) return;
    const delivery = sender.send({
      content_type: contentType,
      body: rhea.message.data_section(Buffer.from(JSON.stringify(batch.records))),
    });
    underWay.set(delivery.id, batch);
  }

  function giveBack(id: number | undefined): void {
    const batch = id === undefined ? undefined : underWay.get(id);
    if (id === undefined || batch === undefined) return;
    underWay.delete(id);
    hub.feedback.giveBack(batch);
  }

  // rhea would write a delivery before the attach that opens its link, as both wait for the end of this turn.
  let unwatch = () => {};
  const start = setImmediate(() => {
    sender.on('sendable', sendNext);
    unwatch = hub.feedback.watch(sendNext);
  });
  const leave = () => {
    clearImmediate(start);
    unwatch();
    for (const id of [...underWay.keys()]) giveBack(id);
  };
  sender.on('accepted', ({ delivery }: EventContext) => underWay.delete(delivery?.id ?? -1));
  sender.on('rejected', ({ delivery }: EventContext) => underWay.delete(delivery?.id ?? -1));
  sender.on('released', ({ delivery }: EventContext) => giveBack(delivery?.id));
  sender.on('modified', ({ delivery }: EventContext) => giveBack(delivery?.id));
  sender.on('sender_close', leave);
  // A connection that is closed in order takes its links along without closing each.
  for (const name of ['connection_close', 'disconnected']) sender.connection.on(name, leave);
}
