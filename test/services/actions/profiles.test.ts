import { describe, expect, it } from 'vitest';
import { tutorialProfiles } from '../../../src/services/actions/built-in.js';
import {
  type ActionProfileForm,
  parseProfiles,
} from '../../../src/services/actions/profile-form.js';
import { Profiles } from '../../../src/services/actions/profiles.js';
import { parseTwin, type Twin } from '../../../src/services/hub/twin.js';
import type { JsonObject } from '../../../src/services/json.js';

function twinOf(tags: JsonObject = {}, reported: JsonObject = {}): Twin {
  const properties = { desired: { ring: 'beta' }, reported };
  const twin = parseTwin({ deviceId: 'pump-7', version: 1, tags, properties });
  if (!twin) throw new TypeError('not a twin');
  return twin;
}

function profile(name: string, changes: Partial<ActionProfileForm> = {}): ActionProfileForm {
  return { name, action: 'reboot', command: { kind: 'METHOD', name: 'restart' }, ...changes };
}

function profilesOf(forms: readonly ActionProfileForm[], defaultName = 'node'): Profiles {
  return new Profiles([...parseProfiles(forms), ...tutorialProfiles], defaultName);
}

const tagged = (name: string) => twinOf({ twinql: { profile: name } });

describe('the profile of a device', () => {
  const filtered = profilesOf([
    profile('first', { where: { reported: [{ path: 'model', eq: 'C1' }] } }),
    profile('second', { where: { reported: [{ path: 'model', in: ['C1', 'C2'] }] } }),
  ]);

  it('is that of its tag, before any filter', () => {
    const twin = twinOf({ twinql: { profile: 'python' } }, { model: 'C1' });

    expect(filtered.forDevice('reboot', twin).name).toBe('python');
  });

  it('is the first whose filter matches, before the default', () => {
    expect(filtered.forDevice('reboot', twinOf({}, { model: 'C1' })).name).toBe('first');
    expect(filtered.forDevice('reboot', twinOf({}, { model: 'C2' })).name).toBe('second');
    expect(filtered.forDevice('reboot', twinOf({}, { model: 'C3' })).name).toBe('node');
    expect(filtered.forDevice('reboot', undefined).name).toBe('node');
  });

  it.each<[string, ActionProfileForm['where'], boolean]>([
    ['its id', { deviceIds: ['pump-6', 'pump-7'] }, true],
    ['another id', { deviceIds: ['pump-6'] }, false],
    ['a tag', { tags: [{ path: 'site.plant', eq: 'north' }] }, true],
    ['a tag that differs', { tags: [{ path: 'site.plant', ne: 'south' }] }, true],
    ['a tag that does not differ', { tags: [{ path: 'site.plant', ne: 'north' }] }, false],
    ['an absent tag that differs', { tags: [{ path: 'ring', ne: 'north' }] }, true],
    ['a desired property', { desired: [{ path: 'ring', in: ['alpha', 'beta'] }] }, true],
    ['a reported object', { reported: [{ path: 'os', eq: { name: 'rtos', v: 1 } }] }, true],
    ['what is not there', { reported: [{ path: 'model', exists: false }] }, true],
    ['what is there', { reported: [{ path: 'os.name', exists: true }] }, true],
    ['what JavaScript has', { reported: [{ path: 'os.constructor', exists: true }] }, false],
    ['one of two', { deviceIds: ['pump-7'], reported: [{ path: 'os.name', eq: 'linux' }] }, false],
    ['nothing in particular', {}, true],
  ])('matches by %s', (_what, where, isMatch) => {
    const twin = twinOf({ site: { plant: 'north' } }, { os: { v: 1, name: 'rtos' } });
    const { name } = profilesOf([profile('one', { where })]).forDevice('reboot', twin);

    expect(name).toBe(isMatch ? 'one' : 'node');
  });

  it('is the only one of an action, where nothing else says', () => {
    const profiles = profilesOf([profile('lamp', { action: 'identify' })]);

    expect(profiles.forDevice('identify', twinOf()).name).toBe('lamp');
    expect(profiles.forDevice('identify', tagged('python')).name).toBe('lamp');
  });

  it('is not guessed among several', () => {
    const profiles = profilesOf([
      profile('lamp', { action: 'identify' }),
      profile('horn', { action: 'identify' }),
    ]);

    expect(() => profiles.forDevice('identify', twinOf())).toThrow(
      "the default profile is 'node', which is no profile for identify; name one of lamp, horn",
    );
    expect(() => profiles.forDevice('identify', tagged('python'))).toThrow(
      "its tag twinql.profile is 'python'",
    );
  });

  it('is not the default of a device that says it is of another convention', () => {
    const profiles = profilesOf([
      profile('own', { action: 'factoryReset', needsConfirmation: true }),
    ]);

    expect(() => profiles.forDevice('factoryReset', tagged('java'))).toThrow("'java'");
  });

  it('is none where the tag is misspelled', () => {
    expect(() => filtered.forDevice('reboot', tagged('pyhton'))).toThrow("'pyhton'");
    expect(() => filtered.forDevice('factoryReset', tagged('pyhton'))).toThrow("'pyhton'");
  });
});
