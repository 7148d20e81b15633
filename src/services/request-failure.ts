import { RequestError } from './errors.js';
import { HubError } from './hub/hub.js';

/** A failure of the hub as what a client is told about its query. Other errors pass as they are. */
export function toRequestError(error: Error): Error {
  if (!(error instanceof HubError)) return error;
  switch (error.code) {
    case 'DEVICE_NOT_FOUND':
      return new RequestError('DEVICE_NOT_FOUND', 'the hub knows no such device');
    case 'MODULE_NOT_FOUND':
      return new RequestError('MODULE_NOT_FOUND', 'the device has no such module');
    case 'ALREADY_EXISTS':
      return new RequestError('ALREADY_EXISTS', 'the hub has one of that id already');
    case 'PRECONDITION_FAILED':
      return new RequestError('ETAG_MISMATCH', 'it has another ETag: somebody else changed it');
    case 'TOO_MANY':
      return new RequestError('LIMIT_REACHED', `${error.message}; delete some first`);
    case 'OUTCOME_UNKNOWN':
      return new RequestError(
        'OUTCOME_UNKNOWN',
        `${error.message}; it may have been done all the same: look before you ask again`,
      );
    case 'INVALID':
      return new RequestError('BAD_USER_INPUT', error.message);
    case 'THROTTLED':
    case 'QUOTA_EXCEEDED':
      return new RequestError('HUB_THROTTLED', `${error.message}; try again later`);
    case 'UNAUTHORIZED':
      return new RequestError(
        'HUB_UNAUTHORIZED',
        "the hub refuses the gateway's access policy; it needs service connect and registry read",
      );
    case 'UNAVAILABLE':
      return new RequestError('HUB_UNAVAILABLE', error.message);
  }
}
