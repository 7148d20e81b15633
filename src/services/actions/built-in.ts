import { FACTORY_RESET, REBOOT, UPDATE_FIRMWARE } from './action-names.js';
import type { ActionProfile } from './profile.js';
import { type ActionProfileForm, parseProfiles } from './profile-form.js';

const firmware = 'iothubDM.firmwareUpdate';

const forms: readonly ActionProfileForm[] = [
  {
    name: 'node',
    action: REBOOT,
    description:
      'Restarts the device, as the Node.js and C# tutorials do: it answers, reports, restarts.',
    command: { kind: 'METHOD', name: 'reboot', defaultPayload: null },
    evidence: { path: 'iothubDM.reboot.lastReboot', proof: 'ANNOUNCED' },
  },
  {
    name: 'python',
    action: REBOOT,
    description:
      'Restarts the device, as the Python tutorial does: busy for 20 s, it reports and answers last.',
    command: {
      kind: 'METHOD',
      name: 'rebootDevice',
      defaultPayload: null,
      responseTimeoutSeconds: 60,
    },
    evidence: { path: 'rebootTime', proof: 'REPORTED_AFTER' },
  },
  {
    name: 'java',
    action: REBOOT,
    description:
      'Restarts the device, as the Java tutorial does: it answers and reports about 5 s later.',
    command: { kind: 'METHOD', name: 'reboot', defaultPayload: null },
    evidence: { path: 'lastReboot', proof: 'REPORTED_AFTER' },
  },
  {
    name: 'node',
    action: FACTORY_RESET,
    description: 'Takes the device back to how it left the factory. What it holds is lost.',
    needsConfirmation: true,
    command: { kind: 'METHOD', name: 'factoryReset', defaultPayload: null },
    evidence: { path: 'iothubDM.factoryReset.lastFactoryReset', proof: 'ANNOUNCED' },
    deadlineSeconds: 600,
  },
  {
    name: 'node',
    action: UPDATE_FIRMWARE,
    description:
      'Tells the device where its new firmware is, by the method of the Node.js tutorial.',
    command: { kind: 'METHOD', name: 'firmwareUpdate' },
    payload: {
      type: 'object',
      properties: { fwPackageUri: { type: 'string', format: 'uri' } },
      required: ['fwPackageUri'],
    },
    evidence: {
      path: `${firmware}.lastFirmwareUpdate`,
      proof: 'REPORTED_AFTER',
      success: [{ path: `${firmware}.status`, eq: 'applyComplete' }],
      // The tutorial's text and its code spell the first of them differently.
      failure: [
        { path: `${firmware}.status`, in: ['downloadFailed', 'downloadfailed', 'applyFailed'] },
      ],
      progress: [
        `${firmware}.status`,
        `${firmware}.startedWaitingTime`,
        `${firmware}.downloadCompleteTime`,
        `${firmware}.startedApplyingImage`,
        `${firmware}.error`,
      ],
    },
    deadlineSeconds: 3600,
  },
  {
    name: 'desired',
    action: UPDATE_FIRMWARE,
    description:
      'Sets the firmware that the device shall have, by the desired properties of the tutorial for configurations.',
    command: { kind: 'DESIRED', path: 'firmware' },
    payload: {
      type: 'object',
      properties: {
        fwVersion: { type: 'string', minLength: 1 },
        fwPackageURI: { type: 'string', format: 'uri' },
        fwPackageCheckValue: { type: 'string' },
      },
      required: ['fwVersion', 'fwPackageURI'],
    },
    evidence: {
      path: 'firmware.fwUpdateStatus',
      // It is 'current' before and after.
      rule: 'NEW_TIME',
      proof: 'REPORTED_AFTER',
      success: [
        { path: 'firmware.fwUpdateStatus', eq: 'current' },
        { path: 'firmware.currentFwVersion', eqPayload: 'fwVersion' },
      ],
      failure: [{ path: 'firmware.fwUpdateStatus', in: ['error', 'rolledback'] }],
      progress: [
        'firmware.fwUpdateStatus',
        'firmware.fwUpdateSubstatus',
        'firmware.pendingFwVersion',
        'firmware.currentFwVersion',
        'firmware.lastFwUpdateStartTime',
        'firmware.lastFwUpdateEndTime',
      ],
    },
    deadlineSeconds: 3600,
  },
];

/** The conventions of Microsoft's device management tutorials, in the form that users write. */
export const tutorialProfiles: readonly ActionProfile[] = parseProfiles(forms);
