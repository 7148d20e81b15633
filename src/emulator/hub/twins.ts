import { hubError } from '../errors.js';
import type { JsonObject, JsonValue } from '../json.js';
import { formatTwinEtag, type Identity } from './identity.js';
import { toEntry } from './identity-record.js';
import { type IfMatch, isMet } from './if-match.js';
import type { Journal } from './journal.js';
import type { Timestamp } from './timestamps.js';
import {
  formatDeviceSection,
  patchTwin,
  replaceTwin,
  reportProperties,
  type Twin,
} from './twin.js';
import { checkSize } from './twin-limits.js';
import { parseReport, parseTwinWrite } from './twin-write.js';

/** Who may write what of a twin, and who hears of it. Every refusal is the hub's own error. */
export interface Twins {
  /** Merges the body into tags and desired properties. */
  patch(identity: Identity, body: JsonValue | undefined, condition: IfMatch): void;
  /** Replaces tags and desired properties by the body's. */
  replace(identity: Identity, body: JsonValue | undefined, condition: IfMatch): void;
  /** The device reports. Returns the new `$version`. @param baseVersion what it believes to be current */
  report(identity: Identity, body: JsonValue | undefined, baseVersion: number | undefined): number;
  /** Both sections as the device reads them. */
  read(identity: Identity): JsonObject;
}

export function createTwins(journal: Journal, stamp: () => Timestamp): Twins {
  /** Checked before it is stored: a refused write leaves no trace. */
  function store(identity: Identity, twin: Twin): void {
    const { tags, desired, reported } = identity.state.twin;
    if (twin.tags !== tags) checkSize('tags', twin.tags);
    if (twin.desired !== desired) checkSize('desired', twin.desired.values);
    if (twin.reported !== reported) checkSize('reported', twin.reported.values);
    identity.change({ twin });
    journal.put(toEntry(identity));
  }

  return {
    patch(identity, body, condition) {
      const write = parseTwinWrite(body);
      checkEtag(identity, condition);
      const { twin } = identity.state;
      store(identity, patchTwin(twin, write, stamp()));
      if (write.desired !== undefined) {
        notifyDesired(identity, write.desired ?? removalOf(twin.desired.values));
      }
    },
    replace(identity, body, condition) {
      const write = parseTwinWrite(body);
      checkEtag(identity, condition);
      store(identity, replaceTwin(identity.state.twin, write, stamp()));
      notifyDesired(identity, identity.state.twin.desired.values);
    },
    report(identity, body, baseVersion) {
      const patch = parseReport(body);
      const { version } = identity.state.twin.reported;
      if (baseVersion !== undefined && baseVersion !== version) {
        throw hubError(
          'PreconditionFailed',
          `The reported properties are at version ${version}, not ${baseVersion}.`,
        );
      }
      store(identity, reportProperties(identity.state.twin, patch, stamp()));
      return identity.state.twin.reported.version;
    },
    read(identity) {
      const { desired, reported } = identity.state.twin;
      return { desired: formatDeviceSection(desired), reported: formatDeviceSection(reported) };
    },
  };
}

function checkEtag(identity: Identity, condition: IfMatch): void {
  if (!isMet(condition, formatTwinEtag(identity.state.twin.etag))) {
    throw hubError('PreconditionFailed', 'Precondition failed: the twin has another ETag.');
  }
}

/** A device hears what was written, removals as nulls, not the whole. */
function notifyDesired(identity: Identity, written: JsonObject): void {
  const { version } = identity.state.twin.desired;
  const { $metadata: _, ...delta } = written;
  identity.link?.notifyDesired(version, JSON.stringify({ ...delta, $version: version }));
}

function removalOf(values: JsonObject): JsonObject {
  return Object.fromEntries(Object.keys(values).map((key) => [key, null]));
}
