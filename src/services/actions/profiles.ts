import { badInput, RequestError } from '../errors.js';
import type { Twin } from '../hub/twin.js';
import { type JsonValue, valueAt } from '../json.js';
import { type Condition, holds } from './conditions.js';
import type { ActionProfile, DeviceMatch } from './profile.js';

const PROFILE_TAG = ['twinql', 'profile'];

/** The profiles of this gateway, found by action and name. */
export class Profiles {
  readonly #profiles: readonly ActionProfile[];
  readonly #defaultName: string;

  /** Of profiles that match a device, the first in the list is taken. */
  constructor(profiles: readonly ActionProfile[], defaultName: string) {
    this.#profiles = profiles;
    this.#defaultName = defaultName;
  }

  /** What can be done, in the order of the list. */
  get actions(): readonly string[] {
    return [...new Set(this.#profiles.map(({ action }) => action))];
  }

  of(action: string): readonly ActionProfile[] {
    return this.#profiles.filter((profile) => profile.action === action);
  }

  /** Whether callers must type the device's id again. */
  needsConfirmation(action: string): boolean {
    return this.of(action).some((profile) => profile.needsConfirmation);
  }

  /** The profile that a caller names. Throws RequestError when there is none of that name. */
  named(action: string, name: string): ActionProfile {
    const found = this.of(action).find((profile) => profile.name === name);
    if (found) return found;
    throw badInput(
      'profile',
      `no profile '${name}' for ${action}; expected one of ${this.#names(action)}`,
    );
  }

  /**
   * The profile for a device whose caller names none: that of its tag `twinql.profile`, else the
   * first whose `where` the device matches, else the default (of a device without a tag), else the
   * only one that the action has. Throws RequestError where that leaves none, or where the tag
   * names none that is known.
   */
  forDevice(action: string, twin: Twin | undefined): ActionProfile {
    const tag = twin && valueAt(twin.tags, PROFILE_TAG);
    const tagged = typeof tag === 'string' ? tag : undefined;
    const candidates = this.of(action);
    const called = (name: string) => candidates.find((profile) => profile.name === name);
    const found =
      tagged === undefined
        ? (matching(candidates, twin) ?? called(this.#defaultName))
        : (called(tagged) ?? (this.#isConvention(tagged) ? matching(candidates, twin) : undefined));
    if (found) return found;
    const [only, ...others] = candidates;
    const misspelled = tagged !== undefined && !this.#isConvention(tagged);
    if (only && others.length === 0 && !misspelled) return only;
    const source =
      tagged === undefined ? 'the default profile' : `its tag ${PROFILE_TAG.join('.')}`;
    throw new RequestError(
      'BAD_USER_INPUT',
      `the device cannot be spoken to: ${source} is '${tagged ?? this.#defaultName}', which is no profile for ${action}; name one of ${this.#names(action)} as profile`,
    );
  }

  /** Every path at which some profile's devices report that an action happened. */
  evidencePaths(action: string): readonly (readonly string[])[] {
    return this.of(action).flatMap(({ evidence }) => (evidence ? [evidence.path] : []));
  }

  #isConvention(name: string): boolean {
    return this.#profiles.some((profile) => profile.name === name);
  }

  #names(action: string): string {
    const names = this.of(action).map(({ name }) => name);
    return names.join(', ');
  }
}

function matching(
  candidates: readonly ActionProfile[],
  twin: Twin | undefined,
): ActionProfile | undefined {
  return twin && candidates.find(({ where }) => where && matches(twin, where));
}

function matches(twin: Twin, { deviceIds, tags, desired, reported }: DeviceMatch): boolean {
  const all = (document: JsonValue, conditions: readonly Condition[] = []) =>
    conditions.every((condition) => holds(document, condition));
  return (
    (deviceIds === undefined || deviceIds.includes(twin.deviceId)) &&
    all(twin.tags, tags) &&
    all(twin.desired.values, desired) &&
    all(twin.reported.values, reported)
  );
}
