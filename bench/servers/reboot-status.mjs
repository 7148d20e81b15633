/** What a subscriber of `rebootStatus` is shown of a device at rest, as the services give it. */
export function createStatus(version) {
  const at = new Date(Date.parse('2026-03-09T07:00:00Z') + version * 1000);
  const lastReboot = { at, reported: at.toISOString(), path: 'iothubDM.reboot.lastReboot' };
  const connectivity = { verdict: 'ONLINE', reason: 'It reported lately.' };
  const device = { deviceId: 'device-7', version, source: 'POINT_READ' };
  return {
    device,
    phase: 'REBOOTED',
    operation: null,
    lastReboot,
    connectivity,
    observedAt: at,
  };
}

/** What subscribers ask for: as the README does, and what a page would show beside it. */
export const query = `subscription ($deviceId: ID!) {
  rebootStatus(deviceId: $deviceId) {
    phase
    operation { id status sequence }
    lastReboot { at reported path }
    connectivity { verdict reason }
    device { deviceId version source }
    observedAt
  }
}`;
