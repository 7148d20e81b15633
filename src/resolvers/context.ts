import type { Caller } from '../services/access.js';
import type { ActionService } from '../services/action.js';
import type { AuditService } from '../services/audit.js';
import type { BulkService } from '../services/bulk.js';
import type { DeviceService } from '../services/device.js';
import type { DeviceAccess } from '../services/device-access.js';
import type { FleetService } from '../services/fleet.js';
import type { HubBudgetService } from '../services/hub-budget.js';
import type { HubService } from '../services/hub-status.js';
import type { IdentityService } from '../services/identity.js';
import type { MessageService } from '../services/message.js';
import type { ModuleService } from '../services/module.js';
import type { OperationService } from '../services/operation.js';
import type { RebootService } from '../services/reboot.js';
import type { TwinEditService } from '../services/twin-edit.js';

/** The services that resolvers hand requests to. */
export interface Services {
  readonly access: DeviceAccess;
  readonly devices: DeviceService;
  readonly fleet: FleetService;
  readonly modules: ModuleService;
  readonly twinEdits: TwinEditService;
  readonly identities: IdentityService;
  readonly bulk: BulkService;
  readonly operations: OperationService;
  readonly reboots: RebootService;
  readonly actions: ActionService;
  readonly audit: AuditService;
  readonly messages: MessageService;
  readonly hubs: HubService;
  readonly hubBudgets: HubBudgetService;
}

/** Where a request came from. */
export interface Origin {
  /** Names the request wherever it is told of: in logs, in the audit, at the hub. */
  readonly requestId: string;
  /** The address that it came from. */
  readonly address: string;
}

/** What every resolver is given. */
export interface Context extends Services {
  readonly caller: Caller;
  readonly origin: Origin;
}
