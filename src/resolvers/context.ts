import type { Caller } from '../services/access.js';
import type { DeviceService } from '../services/device.js';
import type { FleetService } from '../services/fleet.js';
import type { HubBudgetService } from '../services/hub-budget.js';
import type { OperationService } from '../services/operation.js';
import type { RebootService } from '../services/reboot.js';

/** The services that resolvers hand requests to. */
export interface Services {
  readonly devices: DeviceService;
  readonly fleet: FleetService;
  readonly operations: OperationService;
  readonly reboots: RebootService;
  readonly hubBudgets: HubBudgetService;
}

/** What every resolver is given. */
export interface Context extends Services {
  readonly caller: Caller;
}
