import { badInput, RequestError } from '../errors.js';
import type { Twin } from '../hub/twin.js';
import { valueAt } from '../json.js';
import type { ActionProfile } from './profile.js';

/** The action of the tutorials: restart the device. */
export const REBOOT = 'reboot';

/** The conventions of Microsoft's "Get started with device management" tutorials. */
export const tutorialProfiles: readonly ActionProfile[] = [
  {
    // Node.js and C#: answers at once, reports, and only then restarts.
    name: 'node',
    action: REBOOT,
    disturbing: true,
    method: {
      name: 'reboot',
      defaultPayload: null,
      responseTimeoutSeconds: 30,
      connectTimeoutSeconds: 0,
    },
    evidence: {
      path: ['iothubDM', 'reboot', 'lastReboot'],
      rule: 'NEW_VALUE',
      proof: 'ANNOUNCED',
    },
    deadlineSeconds: 300,
  },
  {
    // Python: is busy for 20 s, reports, and answers last.
    name: 'python',
    action: REBOOT,
    disturbing: true,
    method: {
      name: 'rebootDevice',
      defaultPayload: null,
      responseTimeoutSeconds: 60,
      connectTimeoutSeconds: 0,
    },
    evidence: { path: ['rebootTime'], rule: 'NEW_VALUE', proof: 'REPORTED_AFTER' },
    deadlineSeconds: 300,
  },
  {
    // Java: answers at once and reports about 5 s later.
    name: 'java',
    action: REBOOT,
    disturbing: true,
    method: {
      name: 'reboot',
      defaultPayload: null,
      responseTimeoutSeconds: 30,
      connectTimeoutSeconds: 0,
    },
    evidence: { path: ['lastReboot'], rule: 'NEW_VALUE', proof: 'REPORTED_AFTER' },
    deadlineSeconds: 300,
  },
];

const PROFILE_TAG = ['twinql', 'profile'];

/** The profiles of this gateway, found by action and name. */
export class Profiles {
  readonly #profiles: readonly ActionProfile[];
  readonly #defaultName: string;

  constructor(profiles: readonly ActionProfile[], defaultName: string) {
    this.#profiles = profiles;
    this.#defaultName = defaultName;
  }

  /** The profile that a caller names. Throws RequestError when there is none of that name. */
  named(action: string, name: string): ActionProfile {
    const found = this.#profiles.find(
      (profile) => profile.action === action && profile.name === name,
    );
    if (found) return found;
    throw badInput(
      'profile',
      `no profile '${name}' for ${action}; expected one of ${this.#names(action)}`,
    );
  }

  /**
   * The profile for a device whose caller names none: that of its tag `twinql.profile`, else the
   * default. Throws RequestError when the tag names none that is known.
   */
  forDevice(action: string, twin: Twin | undefined): ActionProfile {
    const tag = twin && valueAt(twin.tags, PROFILE_TAG);
    const tagged = typeof tag === 'string' ? tag : undefined;
    const found = this.#profiles.find(
      (profile) => profile.action === action && profile.name === (tagged ?? this.#defaultName),
    );
    if (found) return found;
    const source =
      tagged === undefined ? 'the default profile' : `its tag ${PROFILE_TAG.join('.')}`;
    throw new RequestError(
      'BAD_USER_INPUT',
      `the device cannot be spoken to: ${source} is '${tagged ?? this.#defaultName}', which is no profile for ${action}; name one of ${this.#names(action)} as profile`,
    );
  }

  /** Every path at which some profile's devices report that an action happened. */
  evidencePaths(action: string): readonly (readonly string[])[] {
    return this.#profiles.filter((p) => p.action === action).map((p) => p.evidence.path);
  }

  #names(action: string): string {
    const names = this.#profiles.filter((p) => p.action === action).map((p) => p.name);
    return names.join(', ');
  }
}
