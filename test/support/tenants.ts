import { type Caller, localDeveloper, permissions } from '../../src/services/access.js';
import { systemClock } from '../../src/services/clock.js';
import type { DeviceFilter } from '../../src/services/query/device-filter.js';
import { startTestEmulator, type TestEmulator } from '../emulator/support/emulator.js';
import { createCleanup } from './cleanup.js';
import { startGateway, type TestGateway } from './gateway.js';

/** The devices of a tenant. */
export const devicesOf = (tenant: string): DeviceFilter => ({
  tags: [{ path: ['tenant'], eq: tenant }],
});

/** Somebody who may do everything, to the devices of one tenant. */
export function operatorOf(tenant: string, id = `operator-of-${tenant}`): Caller {
  return { id, grants: [{ permissions: new Set(permissions), scope: devicesOf(tenant) }] };
}

/** One gateway for several tenants, whose callers take turns. */
export interface Tenants extends AsyncDisposable {
  readonly emulator: TestEmulator;
  /** The gateway, as it is to a caller from now on; without one, to the local developer. */
  as(caller?: Caller): TestGateway;
  /** Lets so much time (ms) have passed for the gateway. */
  pass(milliseconds: number): void;
}

export async function startTenants(): Promise<Tenants> {
  const cleanup = createCleanup();
  let caller = localDeveloper;
  let ahead = 0;
  const clock = { ...systemClock, now: () => systemClock.now() + ahead };
  const emulator = cleanup.use(await startTestEmulator());
  const gateway = cleanup.use(await startGateway(emulator, { clock, callerOf: () => caller }));
  return {
    emulator,
    as(next = localDeveloper) {
      caller = next;
      return gateway;
    },
    pass(milliseconds) {
      ahead += milliseconds;
    },
    [Symbol.asyncDispose]: () => cleanup[Symbol.asyncDispose](),
  };
}
