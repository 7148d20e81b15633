import { RequestError } from './errors.js';
import { HubError } from './hub/hub.js';

/** A failure of the hub as what a client is told about its query. Other errors pass as they are. */
export function toRequestError(error: Error): Error {
  if (!(error instanceof HubError)) return error;
  switch (error.code) {
    case 'DEVICE_NOT_FOUND':
      return new RequestError('DEVICE_NOT_FOUND', 'the hub knows no such device');
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
