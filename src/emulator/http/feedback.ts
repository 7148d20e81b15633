import { quoteEtag, type Reply, replyEmpty, replyText } from './reply.js';
import { type RequestContext, readParam } from './request.js';

const contentType = 'application/vnd.microsoft.iothub.feedback.json';

/** What became of messages to devices. The ETag is the token by which it is completed or abandoned. */
export function receiveFeedback({ hub }: RequestContext): Reply {
  const locked = hub.feedbackLocks.receive();
  if (locked === undefined) return replyEmpty(204);
  const { status, headers, body } = replyText(
    JSON.stringify(locked.records),
    quoteEtag(locked.lockToken),
  );
  return { status, headers: { ...headers, 'Content-Type': contentType }, body };
}

export function completeFeedback(context: RequestContext): Reply {
  context.hub.feedbackLocks.complete(readLockToken(context));
  return replyEmpty(204);
}

export function abandonFeedback(context: RequestContext): Reply {
  context.hub.feedbackLocks.abandon(readLockToken(context));
  return replyEmpty(204);
}

/** As it was in the ETag, or without the quotes. */
function readLockToken(context: RequestContext): string {
  return readParam(context, 'lockToken').replace(/^"(.*)"$/, '$1');
}
