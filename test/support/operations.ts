/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';
/** How sure it is that the evidence belongs to this operation. */
export type Attribution =
  /** An earlier operation timed out without evidence: it may be that one’s. */
  | 'AMBIGUOUS'
  /** The device repeated the operation's id. */
  | 'EXACT'
  /** It came after the sending, and nothing else was open. */
  | 'PRESUMED';

/** Selects entries of the audit. All conditions that are given must hold. */
export type AuditFilter = {
  /** Those of this action. */
  readonly action?: string | null | undefined;
  /** What this one did. */
  readonly actor?: string | null | undefined;
  /** When. `exists` says nothing here: every entry has a time. */
  readonly at?: DateTimeCondition | null | undefined;
  /** What was done to this device. */
  readonly deviceId?: string | null | undefined;
  /** Those that ended in one of these. */
  readonly outcome?: ReadonlyArray<AuditOutcome> | null | undefined;
};

/** How an act ended, or that it began. */
export type AuditOutcome =
  /** It was done; or keys, or the rows of a query, were given away. An operation was begun. */
  | 'DONE'
  /** It was not done, or it is not known that it was; `code` says why. */
  | 'FAILED'
  /** It was done to some devices; `targets` says why not to the others. */
  | 'PARTLY_DONE'
  /** The caller may not do it, and nothing was done. */
  | 'REFUSED'
  /** It was allowed and is about to be done. Another entry `concludes` this one. */
  | 'STARTED';

/** How a new device or module proves who it is. At most one of these may be given. */
export type AuthenticationInput = {
  /** By a certificate of an authority that is registered with the hub. */
  readonly certificateAuthority?: boolean | null | undefined;
  /** Keys of your own. Nothing given: the gateway makes two random ones. */
  readonly symmetricKeys?: SymmetricKeysInput | null | undefined;
  /** By certificates with these thumbprints. */
  readonly thumbprints?: ThumbprintsInput | null | undefined;
};

/** How a device or module proves who it is. */
export type AuthenticationType =
  /** By a certificate of an authority that the hub trusts. */
  | 'CERTIFICATE_AUTHORITY'
  /** Not by itself: a module that the Azure IoT Edge runtime starts. */
  | 'NONE'
  /** By one of two symmetric keys. */
  | 'SAS'
  /** By a certificate whose thumbprint the hub knows. */
  | 'SELF_SIGNED';

/** Which operation to call off, and why. */
export type CancelOperationInput = {
  /** An `Operation.id`. */
  readonly id: string;
  /** For the history, 1 to 1024 characters. */
  readonly reason: string;
};

/** Why one device of many was not changed; as the codes of errors. */
export type ChangeFailureCode =
  /** The hub has a device of that id already. */
  | 'ALREADY_EXISTS'
  /** The hub refuses what was asked for; the message has its words. */
  | 'BAD_USER_INPUT'
  /** The hub knows no such device. */
  | 'DEVICE_NOT_FOUND'
  /** It was changed by somebody else since. */
  | 'ETAG_MISMATCH'
  /** It was not its turn within a minute, or the hub is too busy. Not done. */
  | 'HUB_THROTTLED'
  /** The policy of the gateway may not write to the registry. Not done. */
  | 'HUB_UNAUTHORIZED'
  /** The hub was not reached. Not done. */
  | 'HUB_UNAVAILABLE'
  /** The hub can hold no more devices. */
  | 'LIMIT_REACHED'
  /** The hub did not answer: it may have been done. Look before you try again. */
  | 'OUTCOME_UNKNOWN';

/** How a device is told. */
export type CommandKind =
  /** By a desired property, which it gets when it next looks. */
  | 'DESIRED'
  /** By a cloud-to-device message, which the hub keeps for it until it expires. */
  | 'MESSAGE'
  /** By a direct method, which it answers. */
  | 'METHOD';

/** The hub's own view of the connection. It lags behind by up to minutes. */
export type ConnectionState =
  /** The hub sees a connection. */
  | 'CONNECTED'
  /** The hub sees none. */
  | 'DISCONNECTED';

/** Whether a device is there, judged by all that is known. */
export type ConnectivityVerdict =
  /** No activity of the device is on record. */
  | 'NEVER_CONNECTED'
  /** The device is disconnected, or disabled. */
  | 'OFFLINE'
  /** The hub sees the device connected. */
  | 'ONLINE'
  /** The hub sees it disconnected, but it was active within the last five minutes: the hub may lag. */
  | 'STALE';

/** How fresh a device must be. */
export type Consistency =
  /** What the gateway saw within the last ten seconds, if it did. Else the hub is asked: of ten or more devices at once the query index, while there is room in the budget, of fewer as FRESH. `source` and `observedAt` tell. */
  | 'FAST'
  /** Read from the hub now. */
  | 'FRESH';

/** A device to create. */
export type CreateDeviceInput = {
  /** How it proves who it is. Left out: by two random keys. */
  readonly authentication?: AuthenticationInput | null | undefined;
  /** Desired properties to begin with. */
  readonly desired?: unknown;
  /** What to call it: 1 to 128 letters, digits and most punctuation. */
  readonly deviceId: string;
  /** The hub to create it in. May be left out while there is one hub. */
  readonly hub?: string | null | undefined;
  /** Whether it runs Azure IoT Edge. */
  readonly iotEdge?: boolean | null | undefined;
  /** Whether it may connect. Left out: it may. */
  readonly status?: DeviceStatus | null | undefined;
  /** Why, in at most 128 characters. */
  readonly statusReason?: string | null | undefined;
  /** Tags to begin with. */
  readonly tags?: unknown;
};

/** Devices to create. */
export type CreateDevicesInput = {
  /** 1 to 1000, each once. */
  readonly devices: ReadonlyArray<CreateDeviceInput>;
};

/** A module to create. */
export type CreateModuleInput = {
  /** How it proves who it is. Left out: by two random keys. */
  readonly authentication?: AuthenticationInput | null | undefined;
  /** A `Device.id`, or a device id while there is one hub. */
  readonly deviceId: string;
  /** Who deploys it, for the record. */
  readonly managedBy?: string | null | undefined;
  /** What to call it: 1 to 128 letters, digits and most punctuation, no `$` at the start. */
  readonly moduleId: string;
};

/** Conditions on a time of the hub, which is cut to the millisecond, as it is shown. All that are given must hold; without a time, none but `exists: false` does. */
export type DateTimeCondition = {
  /** Is known, or is not. */
  readonly exists?: boolean | null | undefined;
  /** After this. */
  readonly gt?: string | null | undefined;
  /** At this or after. */
  readonly gte?: string | null | undefined;
  /** Before this. */
  readonly lt?: string | null | undefined;
  /** At this or before. */
  readonly lte?: string | null | undefined;
};

/** A device to delete. */
export type DeleteDeviceInput = {
  /** A `Device.id`, or a device id while there is one hub. */
  readonly deviceId: string;
  /** Only if this is its `identityEtag`. Left out: whatever it is. */
  readonly ifMatch?: string | null | undefined;
  /** Why, for the audit: 1 to 1024 characters. */
  readonly reason?: string | null | undefined;
};

/** Devices to delete. */
export type DeleteDevicesInput = {
  /** 1 to 1000, each once. */
  readonly devices: ReadonlyArray<DeleteDeviceInput>;
  /** Why, for the audit: 1 to 1024 characters. */
  readonly reason?: string | null | undefined;
};

/** A module to delete. */
export type DeleteModuleInput = {
  /** A `Device.id`, or a device id while there is one hub. */
  readonly deviceId: string;
  /** Only if this is its `identityEtag`. Left out: whatever it is. */
  readonly ifMatch?: string | null | undefined;
  /** Its id within the device. */
  readonly moduleId: string;
  /** Why, for the audit: 1 to 1024 characters. */
  readonly reason?: string | null | undefined;
};

/** Selects devices. All conditions that are given must hold; `{}` selects all devices. At most 10 levels, 100 conditions, and 8192 characters as a query of the hub. */
export type DeviceFilter = {
  /** All of these must hold. */
  readonly and?: ReadonlyArray<DeviceFilter> | null | undefined;
  /** By the hub's view of the connection, which lags. */
  readonly connectionState?: ConnectionState | null | undefined;
  /** By desired properties. */
  readonly desired?: ReadonlyArray<PropertyCondition> | null | undefined;
  /** By id within the hub. */
  readonly deviceId?: StringCondition | null | undefined;
  /** By the name of the hub. A hub that the filter leaves out is not asked. */
  readonly hub?: HubCondition | null | undefined;
  /** By when the hub last saw activity; `exists: false` is never. */
  readonly lastActivity?: DateTimeCondition | null | undefined;
  /** By the newest reboot they reported, in whatever convention; `exists: false` is never. */
  readonly lastReboot?: DateTimeCondition | null | undefined;
  /** They have at least one module like this; `{}` is any. The hub has no joins: it is asked for the modules first, at most 1000 of them, then for their devices. Such a list is read to its end, so it may have at most 1000 devices; without `orderBy` it comes by device id. At most three in one filter. */
  readonly modules?: ModuleFilter | null | undefined;
  /** This must not hold. The complement: a device without a property, or with an object or a list there, is in the complement of every comparison. The hub cannot find objects and lists, so the gateway first asks whether there are any (two queries, at most once a minute); if there are, or if more than two properties are negated, it reads more rows than it shows, up to five pages a request, and pages may be short. `ne`, `nin` and `exists` cost no more than others. */
  readonly not?: DeviceFilter | null | undefined;
  /** At least one of these must hold; an empty list is refused. */
  readonly or?: ReadonlyArray<DeviceFilter> | null | undefined;
  /** By reported properties. */
  readonly reported?: ReadonlyArray<PropertyCondition> | null | undefined;
  /** By whether they may connect. */
  readonly status?: DeviceStatus | null | undefined;
  /** By tags. */
  readonly tags?: ReadonlyArray<PropertyCondition> | null | undefined;
};

/** What devices can be counted by. */
export type DeviceGroupKey =
  /** The hub's view of the connection, which lags. */
  | 'CONNECTION_STATE'
  /** A desired property. */
  | 'DESIRED'
  /** A reported property. */
  | 'REPORTED'
  /** Whether they may connect. */
  | 'STATUS'
  /** A tag. */
  | 'TAG';

/** What to count devices by. */
export type DeviceGrouping = {
  /** By what. */
  readonly by: DeviceGroupKey;
  /** Which property; for TAG, DESIRED and REPORTED, and for no other. */
  readonly path?: string | null | undefined;
};

/** How to sort devices. The hub cannot sort: the whole result is read and sorted by the gateway, so it may have at most 1000 devices of each hub, and is as of up to a minute ago. Booleans come before numbers before strings (by code unit); devices without such a value come last either way; equal ones come by device id, then by hub. */
export type DeviceOrder = {
  /** By what. */
  readonly by: DeviceOrderKey;
  /** Which way. */
  readonly direction?: SortDirection;
  /** Which property; for TAG, DESIRED and REPORTED, and for no other. */
  readonly path?: string | null | undefined;
};

/** What devices can be sorted by. */
export type DeviceOrderKey =
  /** A desired property. */
  | 'DESIRED'
  /** The id within the hub. */
  | 'DEVICE_ID'
  /** When the hub last saw activity. */
  | 'LAST_ACTIVITY'
  /** The newest reboot that was reported, in whatever convention. */
  | 'LAST_REBOOT'
  /** A reported property. */
  | 'REPORTED'
  /** A tag. */
  | 'TAG';

/** Whether a device may connect. */
export type DeviceStatus =
  /** The hub turns it away. */
  | 'DISABLED'
  /** It may connect. */
  | 'ENABLED';

/** A device to keep from connecting. */
export type DisableDeviceInput = {
  /** A `Device.id`, or a device id while there is one hub. */
  readonly deviceId: string;
  /** Only if this is its `identityEtag`. */
  readonly ifMatch?: string | null | undefined;
  /** Why, in at most 128 characters; it becomes `statusReason`. */
  readonly reason: string;
};

/** Devices to keep from connecting. */
export type DisableDevicesInput = {
  /** 1 to 1000 ids, as `Device.id` or bare, each once. */
  readonly deviceIds: ReadonlyArray<string>;
  /** Why, in at most 128 characters. */
  readonly reason: string;
};

/** How what is reported differs from what is desired. */
export type DriftKind =
  /** Something else is reported at this path. */
  | 'DIFFERENT'
  /** Nothing is reported at this path. */
  | 'MISSING';

/** A device to let connect again. */
export type EnableDeviceInput = {
  /** A `Device.id`, or a device id while there is one hub. */
  readonly deviceId: string;
  /** Only if this is its `identityEtag`. */
  readonly ifMatch?: string | null | undefined;
  /** Why, in at most 128 characters. */
  readonly reason?: string | null | undefined;
};

/** Devices to let connect again. */
export type EnableDevicesInput = {
  /** 1 to 1000 ids, as `Device.id` or bare, each once. */
  readonly deviceIds: ReadonlyArray<string>;
  /** Why, in at most 128 characters. */
  readonly reason?: string | null | undefined;
};

/** Which device to reset, and how. */
export type FactoryResetDeviceInput = {
  /** The device's id in the hub, typed again: what it holds will be lost. */
  readonly confirmation: string;
  /** How long the hub waits for an absent device to connect for a method, 0 to 300 s, at most the time that it has to answer. Left out: the convention's own. */
  readonly connectTimeoutSeconds?: number | null | undefined;
  /** A `Device.id`, or a device id while there is one hub. */
  readonly deviceId: string;
  /** At most 128 characters of your choice. Asking again with the same gives the same operation; with other input it is an error. */
  readonly idempotencyKey?: string | null | undefined;
  /** Sent to the device, at most 128 KiB, as the profile's `payloadSchema` demands. Left out: the convention's own. */
  readonly payload?: unknown;
  /** The convention to use. Left out: that of the tag `twinql.profile`, else the first configured one that matches the device, else the default of the gateway, else the only one there is. */
  readonly profile?: string | null | undefined;
  /** Why, for the audit: 1 to 1024 characters. */
  readonly reason?: string | null | undefined;
  /** How long the device may take to answer a method, 5 to 300 s. Left out: the convention's own. */
  readonly responseTimeoutSeconds?: number | null | undefined;
};

/** How the gateway proves to a hub who it is. */
export type HubAuthentication =
  /** By a token of Microsoft Entra ID; the gateway holds no key. */
  | 'ENTRA_ID'
  /** By the key of a shared access policy. */
  | 'SHARED_ACCESS_KEY';

/** Conditions on the name of a hub. All that are given must hold. */
export type HubCondition = {
  /** Is this. */
  readonly eq?: string | null | undefined;
  /** Is one of these. */
  readonly in?: ReadonlyArray<string> | null | undefined;
};

/** Why a hub gave no answer; as the codes of errors. */
export type HubFailureCode =
  /** It is too busy, or the budget of the gateway is used up. Ask again later. */
  | 'HUB_THROTTLED'
  /** It does not let the gateway in. */
  | 'HUB_UNAUTHORIZED'
  /** It was not reached, or gave no usable answer. */
  | 'HUB_UNAVAILABLE';

/** Which direct method to call, of which device or module. */
export type InvokeMethodInput = {
  /** How long the hub waits for an absent device to connect, 0 to 300 s, at most the time that it has to answer. Left out: 0. */
  readonly connectTimeoutSeconds?: number | null | undefined;
  /** A `Device.id`, or a device id while there is one hub. */
  readonly deviceId: string;
  /** At most 128 characters of your choice. Asking again with the same gives the same operation; with other input it is an error. */
  readonly idempotencyKey?: string | null | undefined;
  /** The name of the method, at most 100 characters. */
  readonly method: string;
  /** A module of the device. Left out: the device's own method. */
  readonly moduleId?: string | null | undefined;
  /** Sent to the device, at most 128 KiB. Left out: null. */
  readonly payload?: unknown;
  /** Why, for the audit: 1 to 1024 characters. */
  readonly reason?: string | null | undefined;
  /** How long the device may take to answer, 5 to 300 s. Left out: 30. */
  readonly responseTimeoutSeconds?: number | null | undefined;
};

/** What a property may hold. */
export type JsonType =
  /** True or false. */
  | 'BOOLEAN'
  /** A list of values. */
  | 'LIST'
  /** A number. */
  | 'NUMBER'
  /** Properties of its own. */
  | 'OBJECT'
  /** A text. */
  | 'STRING';

/** What a rotation does to the two keys. */
export type KeyRotation =
  /** Makes two new keys: what connects with the old ones is locked out. */
  | 'BOTH'
  /** Makes a new primary key. */
  | 'PRIMARY'
  /** Makes a new secondary key. */
  | 'SECONDARY'
  /** Exchanges the two and makes none. */
  | 'SWAP';

/** Whether a device may be disturbed. */
export type MaintenanceVerdict =
  /** Not now: no window of its policy is open. */
  | 'CLOSED'
  /** Now: a window of its policy is open. */
  | 'OPEN'
  /** It has a policy that cannot be read, or no time zone to read it by. */
  | 'UNKNOWN'
  /** At any time: it has no maintenance policy. */
  | 'UNRESTRICTED';

/** What a message says: exactly one of these. */
export type MessageBodyInput = {
  /** Bytes, in base64. */
  readonly base64?: string | null | undefined;
  /** A JSON value, sent as its text in UTF-8. For a bare null, give it as text. */
  readonly json?: unknown;
  /** Text, sent as UTF-8. */
  readonly text?: string | null | undefined;
};

/** An application property of a message. */
export type MessagePropertyInput = {
  /** Its name. */
  readonly name: string;
  /** Its value. */
  readonly value: string;
};

/** Selects modules. All conditions that are given must hold of the same module. */
export type ModuleFilter = {
  /** By the hub's view of the connection. */
  readonly connectionState?: ConnectionState | null | undefined;
  /** By desired properties of the module. */
  readonly desired?: ReadonlyArray<PropertyCondition> | null | undefined;
  /** By id within the device. */
  readonly moduleId?: StringCondition | null | undefined;
  /** By reported properties of the module. */
  readonly reported?: ReadonlyArray<PropertyCondition> | null | undefined;
  /** By tags of the module. */
  readonly tags?: ReadonlyArray<PropertyCondition> | null | undefined;
};

/** What happened to an operation. */
export type OperationEventType =
  /** The device answered; `data` holds its payload. */
  | 'ANSWERED'
  /** The call ended without an answer; the device may or may not have got it. */
  | 'ANSWER_UNKNOWN'
  /** It was called off before anything was sent. */
  | 'CANCELED'
  /** The device was seen leaving. */
  | 'DISCONNECTED'
  /** The hub keeps the message for the device. */
  | 'ENQUEUED'
  /** The hub told what became of the message; `data` holds its words. */
  | 'FEEDBACK'
  /** It ended. */
  | 'FINISHED'
  /** The call ended after the operation had. */
  | 'LATE_ANSWER'
  /** The hub told what became of the message after the operation had timed out; `data` holds its words. */
  | 'LATE_FEEDBACK'
  /** The device reported after the operation had timed out; `data` holds what. */
  | 'LATE_REPORT'
  /** The device reported how far it is; `data` holds what, by path. */
  | 'PROGRESS'
  /** The device was seen back. */
  | 'RECONNECTED'
  /** The device reported the proof; `data` holds what. */
  | 'REPORTED'
  /** It was recorded. */
  | 'REQUESTED'
  /** The hub went back in time by a failover; a new report is needed. */
  | 'REWOUND'
  /** Its call was about to be written to the network. */
  | 'SENDING'
  /** The hub has the desired properties; the device may get them much later. */
  | 'WRITTEN';

/** Why an operation did not succeed. */
export type OperationFailureCode =
  /** The hub knows no such device. */
  | 'DEVICE_NOT_FOUND'
  /** The device is not connected, or does not know the method. */
  | 'DEVICE_OFFLINE'
  /** The hub keeps 50 messages for the device already, and takes no more. */
  | 'DEVICE_QUEUE_FULL'
  /** The device was deleted and created again meanwhile. */
  | 'DEVICE_REPLACED'
  /** The device reported that it failed; `data` holds what it reported. */
  | 'DEVICE_REPORTED_FAILURE'
  /** The hub's quota is used up. */
  | 'HUB_QUOTA_EXCEEDED'
  /** The hub refused the gateway's access policy. */
  | 'HUB_UNAUTHORIZED'
  /** The hub could not be reached; nothing was delivered. */
  | 'HUB_UNAVAILABLE'
  /** Past the deadline the twin could not be read, or feedback not be listened to, for ten minutes. */
  | 'HUB_UNREADABLE'
  /** The hub refused the call as malformed. */
  | 'INVALID'
  /** The device did not complete the message within its time to live. */
  | 'MESSAGE_EXPIRED'
  /** Somebody purged the device's messages. */
  | 'MESSAGE_PURGED'
  /** The device rejected the message. */
  | 'MESSAGE_REJECTED'
  /** The hub handed the message over as often as it does, and the device never completed it. */
  | 'MESSAGE_UNDELIVERABLE'
  /** The device answered no; `response` holds its words. */
  | 'METHOD_REJECTED'
  /** The gateway stopped, or was too slow, before sending. Nothing reached the device. */
  | 'NOT_SENT'
  /** The device neither answered nor reported before the deadline. */
  | 'NO_ANSWER'
  /** The device answered yes, but never reported before the deadline. */
  | 'NO_EVIDENCE'
  /** The hub queued the message but never told what became of it, as when the device was deleted. */
  | 'NO_FEEDBACK'
  /** The hub, or the gateway's share of it, is used up; nothing was delivered. */
  | 'THROTTLED';

/** Selects operations. All conditions that are given must hold. */
export type OperationFilter = {
  /** Those of this action. */
  readonly action?: string | null | undefined;
  /** Those on this device. */
  readonly deviceId?: string | null | undefined;
  /** Those in one of these. */
  readonly status?: ReadonlyArray<OperationStatus> | null | undefined;
};

/** Where an operation stands. SUCCEEDED, FAILED, TIMED_OUT and CANCELED are final. */
export type OperationStatus =
  /** The device answered yes, or the hub has the desired properties or the message. That is not success: a report, or feedback, is awaited. */
  | 'ACCEPTED'
  /** A second person must agree first. */
  | 'AWAITING_APPROVAL'
  /** It waits for the device's maintenance window. */
  | 'AWAITING_WINDOW'
  /** Called off before it was sent. */
  | 'CANCELED'
  /** It will not happen; `failure` says why. */
  | 'FAILED'
  /** The device reported; its answer is still awaited, or more is to come. */
  | 'IN_PROGRESS'
  /** Recorded, not yet sent. */
  | 'REQUESTED'
  /** The call is on its way; the device has not answered. It is never sent again. */
  | 'SENDING'
  /** Proved; `proof` says by what. */
  | 'SUCCEEDED'
  /** The deadline passed without proof. It may have happened, or may yet. */
  | 'TIMED_OUT';

/** What a success rests on, from least to most. */
export type Proof =
  /** The device's answer alone (for desired properties, the hub's; for a message, that the device completed it), for actions that leave no other trace. */
  | 'ACKNOWLEDGED'
  /** The device reported that it is about to. */
  | 'ANNOUNCED'
  /** The device was seen leaving and coming back, and it reported. */
  | 'RECONNECTED'
  /** The device reported that it did. */
  | 'REPORTED_AFTER';

/** Conditions on one property. All that are given must hold. Values are strings, numbers or booleans; the hub compares like with like (a number is never equal to a string, nor before or after it), strings by code unit, case-sensitively. So dates in ISO 8601 with the same zone and digits order as text. `null`, objects and lists are refused: a twin cannot hold null (use `exists: false`), and the hub cannot compare the others (compare what is in them, by its path). */
export type PropertyCondition = {
  /** Is this. */
  readonly eq?: unknown;
  /** Is there, or is not. */
  readonly exists?: boolean | null | undefined;
  /** Is more than this. */
  readonly gt?: unknown;
  /** Is this or more. */
  readonly gte?: unknown;
  /** Is one of these, at most 500. */
  readonly in?: ReadonlyArray<unknown> | null | undefined;
  /** Is less than this. */
  readonly lt?: unknown;
  /** Is this or less. */
  readonly lte?: unknown;
  /** Is absent, or another string, number or boolean. An object or a list does not match. */
  readonly ne?: unknown;
  /** Is absent, or a string, number or boolean that is none of these, at most 500. An object or a list does not match. */
  readonly nin?: ReadonlyArray<unknown> | null | undefined;
  /** Which property. */
  readonly path: string;
};

/** The parts of a twin that hold properties. */
export type PropertySection =
  /** A desired property. */
  | 'DESIRED'
  /** A reported property. */
  | 'REPORTED'
  /** A tag. */
  | 'TAG';

/** Which device to reboot, and how. */
export type RebootDeviceInput = {
  /** A `Device.id`, or a device id while there is one hub. */
  readonly deviceId: string;
  /** At most 128 characters of your choice. Asking again with the same gives the same operation; with other input it is an error. */
  readonly idempotencyKey?: string | null | undefined;
  /** Sent to the device, at most 128 KiB. Left out: the convention's own. */
  readonly payload?: unknown;
  /** The convention to use. Left out: that of the tag `twinql.profile`, else the first configured one that matches the device, else the default of the gateway. */
  readonly profile?: string | null | undefined;
  /** Why, for the audit: 1 to 1024 characters. */
  readonly reason?: string | null | undefined;
  /** How long the device may take to answer, 5 to 300 s. Left out: the convention's own. */
  readonly responseTimeoutSeconds?: number | null | undefined;
};

/** Where a device stands with its newest reboot. */
export type RebootPhase =
  /** The newest reboot did not happen; see `operation.failure`. */
  | 'FAILED'
  /** No reboot is known. */
  | 'IDLE'
  /** The newest reboot is done. */
  | 'REBOOTED'
  /** Sent to the device; not yet proved. */
  | 'REBOOTING'
  /** Asked for, not yet sent to the device. */
  | 'REQUESTED'
  /** The newest reboot was not proved in time; see `operation.failure`. */
  | 'TIMED_OUT';

/** Which operation to ask for again. */
export type RepeatOperationInput = {
  /** The device's id in the hub, typed again, for actions that need it (`Action.needsConfirmation`). */
  readonly confirmation?: string | null | undefined;
  /** An `Operation.id`. */
  readonly id: string;
  /** At most 128 characters of your choice. Asking again with the same gives the same operation; with other input it is an error. */
  readonly idempotencyKey?: string | null | undefined;
  /** Why, for the audit: 1 to 1024 characters. */
  readonly reason?: string | null | undefined;
};

/** Requests to a hub that draw on one of its throttles together. */
export type RequestClass =
  /** Creating, listing and canceling jobs. */
  | 'JOBS'
  /** Cloud-to-device messages. */
  | 'MESSAGES'
  /** Direct methods, in pieces of 4 KB. */
  | 'METHODS'
  /** Pages of queries. */
  | 'QUERIES'
  /** Reads and changes of identities. */
  | 'REGISTRY'
  /** Point reads of twins. */
  | 'TWIN_READS'
  /** Changes of tags and desired properties. */
  | 'TWIN_WRITES';

/** Whose keys to change, and which. */
export type RotateKeysInput = {
  /** A `Device.id`, or a device id while there is one hub. */
  readonly deviceId: string;
  /** Only if this is the `identityEtag`. */
  readonly ifMatch?: string | null | undefined;
  /** Which. */
  readonly keys: KeyRotation;
  /** The module whose keys are meant. Left out: those of the device itself. */
  readonly moduleId?: string | null | undefined;
  /** Why, for the audit: 1 to 1024 characters. */
  readonly reason?: string | null | undefined;
};

/** Which action, on which device, and how. */
export type RunActionInput = {
  /** An `Action.name`. */
  readonly action: string;
  /** The device's id in the hub, typed again, for actions that need it (`Action.needsConfirmation`). */
  readonly confirmation?: string | null | undefined;
  /** How long the hub waits for an absent device to connect for a method, 0 to 300 s, at most the time that it has to answer. Left out: the convention's own. */
  readonly connectTimeoutSeconds?: number | null | undefined;
  /** A `Device.id`, or a device id while there is one hub. */
  readonly deviceId: string;
  /** At most 128 characters of your choice. Asking again with the same gives the same operation; with other input it is an error. */
  readonly idempotencyKey?: string | null | undefined;
  /** A module of the device, which has the method or the desired property. Left out: the convention's own, if it names one, else the device itself. What proves the action is reported by the device in any case. */
  readonly moduleId?: string | null | undefined;
  /** Sent to the device, at most 128 KiB, as the profile's `payloadSchema` demands. Left out: the convention's own. */
  readonly payload?: unknown;
  /** The convention to use. Left out: that of the tag `twinql.profile`, else the first configured one that matches the device, else the default of the gateway, else the only one there is. */
  readonly profile?: string | null | undefined;
  /** Why, for the audit: 1 to 1024 characters. */
  readonly reason?: string | null | undefined;
  /** How long the device may take to answer a method, 5 to 300 s. Left out: the convention's own. */
  readonly responseTimeoutSeconds?: number | null | undefined;
};

/** Which message to send to which device. */
export type SendMessageInput = {
  /** What it says. With its properties it is at most 64 KiB. */
  readonly body: MessageBodyInput;
  /** The encoding of the body. Left out: `utf-8` of JSON and text, none of bytes. */
  readonly contentEncoding?: string | null | undefined;
  /** The MIME type of the body. Left out: `application/json` of JSON, `text/plain` of text, none of bytes. */
  readonly contentType?: string | null | undefined;
  /** What the device may relate it to. At most 128 characters. */
  readonly correlationId?: string | null | undefined;
  /** A `Device.id`, or a device id while there is one hub. */
  readonly deviceId: string;
  /** At most 128 characters of your choice. Asking again with the same gives the same operation; with other input it is an error. */
  readonly idempotencyKey?: string | null | undefined;
  /** What the application says beside the body. Names differ, and do not begin with `$` or `iothub-`. */
  readonly properties?: ReadonlyArray<MessagePropertyInput> | null | undefined;
  /** Why, for the audit: 1 to 1024 characters. */
  readonly reason?: string | null | undefined;
  /** How long the hub keeps it for the device, 1 to 172800 s (two days), from the sending. Left out: an hour. */
  readonly timeToLiveSeconds?: number | null | undefined;
};

/** Which way to sort. */
export type SortDirection =
  /** The least first. */
  | 'ASC'
  /** The greatest first. */
  | 'DESC';

/** Conditions on a text. All that are given must hold. */
export type StringCondition = {
  /** Is this, to the letter. */
  readonly eq?: string | null | undefined;
  /** Is one of these, at most 500. */
  readonly in?: ReadonlyArray<string> | null | undefined;
  /** Starts with this. */
  readonly startsWith?: string | null | undefined;
};

/** Two symmetric keys of your own. */
export type SymmetricKeysInput = {
  /** The base64 of 16 to 64 bytes. */
  readonly primaryKey: string;
  /** The base64 of 16 to 64 bytes. */
  readonly secondaryKey: string;
};

/** Thumbprints of certificates: 40 (SHA-1) or 64 (SHA-256) hex digits. */
export type ThumbprintsInput = {
  /** Of the first certificate. */
  readonly primary: string;
  /** Of the second. */
  readonly secondary?: string | null | undefined;
};

/** What becomes of what the twin already holds. */
export type TwinEditMode =
  /** It stays, but for what is given: null removes, objects merge, all else replaces. */
  | 'PATCH'
  /** Of a section that is given only what is given is left; a section that is not given stays. */
  | 'REPLACE';

/** The parts of a twin that the back end writes. */
export type TwinSection =
  /** What the back end asks of the device. */
  | 'DESIRED'
  /** Notes of the back end, unseen by the device. */
  | 'TAGS';

/** Where what you see of a device came from, and so how old it may be. */
export type TwinSource =
  /** Pushed by the hub at `observedAt`. */
  | 'EVENT'
  /** Read from the hub at `observedAt`: current at that moment. */
  | 'POINT_READ'
  /** From the hub's query index, which lags behind by seconds to minutes. */
  | 'QUERY';

/** Which device to give which firmware, and how. */
export type UpdateFirmwareInput = {
  /** How long the hub waits for an absent device to connect for a method, 0 to 300 s, at most the time that it has to answer. Left out: the convention's own. */
  readonly connectTimeoutSeconds?: number | null | undefined;
  /** A `Device.id`, or a device id while there is one hub. */
  readonly deviceId: string;
  /** At most 128 characters of your choice. Asking again with the same gives the same operation; with other input it is an error. */
  readonly idempotencyKey?: string | null | undefined;
  /** Sent to the device, at most 128 KiB, as the profile's `payloadSchema` demands. Left out: the convention's own. */
  readonly payload?: unknown;
  /** The convention to use. Left out: that of the tag `twinql.profile`, else the first configured one that matches the device, else the default of the gateway, else the only one there is. */
  readonly profile?: string | null | undefined;
  /** Why, for the audit: 1 to 1024 characters. */
  readonly reason?: string | null | undefined;
  /** How long the device may take to answer a method, 5 to 300 s. Left out: the convention's own. */
  readonly responseTimeoutSeconds?: number | null | undefined;
};

/** What to write into the twin of a device or of a module. */
export type UpdateTwinInput = {
  /** Desired properties by name: an object. At most 32 KiB in all, ten levels deep. */
  readonly desired?: unknown;
  /** A `Device.id`, or a device id while there is one hub. */
  readonly deviceId: string;
  /** Only if this is its `etag`; else the error ETAG_MISMATCH tells the current one. Left out: whatever the twin is. */
  readonly ifMatch?: string | null | undefined;
  /** Whether to change what is there, or to replace it. */
  readonly mode?: TwinEditMode;
  /** The module whose twin is meant. Left out: the twin of the device itself. */
  readonly moduleId?: string | null | undefined;
  /** Why, for the audit: 1 to 1024 characters. */
  readonly reason?: string | null | undefined;
  /** Tags by name: an object. At most 8 KiB in all, ten levels deep. */
  readonly tags?: unknown;
};

export type OperationStateFragment = { readonly id: string, readonly action: string, readonly profile: string, readonly status: OperationStatus, readonly proof: Proof | null, readonly attribution: Attribution, readonly sequence: number, readonly requestedAt: string, readonly requestedBy: string, readonly acceptedAt: string | null, readonly finishedAt: string | null, readonly deadlineAt: string | null, readonly updatedAt: string, readonly response: { readonly status: number, readonly payload: unknown } | null, readonly command: { readonly kind: CommandKind, readonly name: string | null, readonly moduleId: string | null, readonly payload: unknown }, readonly progress: { readonly step: string | null, readonly data: unknown, readonly at: string } | null, readonly failure: { readonly code: OperationFailureCode, readonly message: string, readonly retryable: boolean, readonly data: unknown } | null, readonly history: ReadonlyArray<{ readonly sequence: number, readonly at: string, readonly type: OperationEventType, readonly status: OperationStatus, readonly message: string, readonly data: unknown }> };

export type EventStateFragment = { readonly sequence: number, readonly at: string, readonly type: OperationEventType, readonly status: OperationStatus, readonly message: string, readonly data: unknown };

export type DeviceStateFragment = { readonly id: string, readonly hub: string, readonly deviceId: string, readonly status: DeviceStatus, readonly tags: unknown, readonly desired: unknown, readonly reported: unknown, readonly etag: string, readonly version: number, readonly observedAt: string, readonly source: TwinSource, readonly connectivity: { readonly verdict: ConnectivityVerdict, readonly reason: string, readonly connectionState: ConnectionState, readonly lastActivityAt: string | null, readonly lastReportedAt: string | null }, readonly lastReboot: { readonly at: string, readonly reported: unknown, readonly path: string } | null };

export type DeviceQueryVariables = Exact<{
  id: string;
  consistency?: Consistency;
}>;


export type DeviceQuery = { readonly device: { readonly id: string, readonly hub: string, readonly deviceId: string, readonly status: DeviceStatus, readonly tags: unknown, readonly desired: unknown, readonly reported: unknown, readonly etag: string, readonly version: number, readonly observedAt: string, readonly source: TwinSource, readonly operation: { readonly id: string, readonly status: OperationStatus } | null, readonly connectivity: { readonly verdict: ConnectivityVerdict, readonly reason: string, readonly connectionState: ConnectionState, readonly lastActivityAt: string | null, readonly lastReportedAt: string | null }, readonly lastReboot: { readonly at: string, readonly reported: unknown, readonly path: string } | null } | null };

export type ReportedPropertiesQueryVariables = Exact<{
  id: string;
  paths: ReadonlyArray<string> | string;
}>;


export type ReportedPropertiesQuery = { readonly device: { readonly reportedProperties: ReadonlyArray<{ readonly path: string, readonly value: unknown, readonly lastUpdatedAt: string | null }> } | null };

export type AllPropertiesQueryVariables = Exact<{
  id: string;
}>;


export type AllPropertiesQuery = { readonly device: { readonly desiredProperties: ReadonlyArray<{ readonly path: string, readonly value: unknown, readonly lastUpdatedAt: string | null }>, readonly reportedProperties: ReadonlyArray<{ readonly path: string, readonly value: unknown, readonly lastUpdatedAt: string | null }> } | null };

export type DriftFragment = { readonly path: string, readonly kind: DriftKind, readonly desired: unknown, readonly reported: unknown, readonly desiredUpdatedAt: string | null, readonly reportedUpdatedAt: string | null };

export type DeviceDriftQueryVariables = Exact<{
  id: string;
  paths?: ReadonlyArray<string> | string | null | undefined;
}>;


export type DeviceDriftQuery = { readonly device: { readonly desiredProperties: ReadonlyArray<{ readonly path: string, readonly value: unknown, readonly lastUpdatedAt: string | null }>, readonly drift: ReadonlyArray<{ readonly path: string, readonly kind: DriftKind, readonly desired: unknown, readonly reported: unknown, readonly desiredUpdatedAt: string | null, readonly reportedUpdatedAt: string | null }> } | null };

export type ModuleDriftQueryVariables = Exact<{
  deviceId: string;
  moduleId: string;
  paths?: ReadonlyArray<string> | string | null | undefined;
}>;


export type ModuleDriftQuery = { readonly module: { readonly desiredProperties: ReadonlyArray<{ readonly path: string, readonly value: unknown, readonly lastUpdatedAt: string | null }>, readonly reportedProperties: ReadonlyArray<{ readonly path: string, readonly value: unknown, readonly lastUpdatedAt: string | null }>, readonly drift: ReadonlyArray<{ readonly path: string, readonly kind: DriftKind, readonly desired: unknown, readonly reported: unknown, readonly desiredUpdatedAt: string | null, readonly reportedUpdatedAt: string | null }> } | null };

export type DeviceHistoryQueryVariables = Exact<{
  id: string;
  where?: OperationFilter | null | undefined;
  first?: number;
  after?: string | null | undefined;
}>;


export type DeviceHistoryQuery = { readonly device: { readonly operations: { readonly nodes: ReadonlyArray<{ readonly id: string, readonly action: string, readonly profile: string, readonly status: OperationStatus, readonly proof: Proof | null, readonly attribution: Attribution, readonly sequence: number, readonly requestedAt: string, readonly requestedBy: string, readonly acceptedAt: string | null, readonly finishedAt: string | null, readonly deadlineAt: string | null, readonly updatedAt: string, readonly response: { readonly status: number, readonly payload: unknown } | null, readonly command: { readonly kind: CommandKind, readonly name: string | null, readonly moduleId: string | null, readonly payload: unknown }, readonly progress: { readonly step: string | null, readonly data: unknown, readonly at: string } | null, readonly failure: { readonly code: OperationFailureCode, readonly message: string, readonly retryable: boolean, readonly data: unknown } | null, readonly history: ReadonlyArray<{ readonly sequence: number, readonly at: string, readonly type: OperationEventType, readonly status: OperationStatus, readonly message: string, readonly data: unknown }> }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } } | null };

export type OperationHistoryQueryVariables = Exact<{
  id: string;
}>;


export type OperationHistoryQuery = { readonly operation: { readonly device: { readonly deviceId: string, readonly operations: { readonly nodes: ReadonlyArray<{ readonly id: string }> } } } | null };

export type DevicesQueryVariables = Exact<{
  where?: DeviceFilter | null | undefined;
  first?: number;
  after?: string | null | undefined;
}>;


export type DevicesQuery = { readonly devices: { readonly nodes: ReadonlyArray<{ readonly id: string, readonly hub: string, readonly deviceId: string, readonly status: DeviceStatus, readonly tags: unknown, readonly desired: unknown, readonly reported: unknown, readonly etag: string, readonly version: number, readonly observedAt: string, readonly source: TwinSource, readonly connectivity: { readonly verdict: ConnectivityVerdict, readonly reason: string, readonly connectionState: ConnectionState, readonly lastActivityAt: string | null, readonly lastReportedAt: string | null }, readonly lastReboot: { readonly at: string, readonly reported: unknown, readonly path: string } | null }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } };

export type OperationQueryVariables = Exact<{
  id: string;
}>;


export type OperationQuery = { readonly operation: { readonly id: string, readonly action: string, readonly profile: string, readonly status: OperationStatus, readonly proof: Proof | null, readonly attribution: Attribution, readonly sequence: number, readonly requestedAt: string, readonly requestedBy: string, readonly acceptedAt: string | null, readonly finishedAt: string | null, readonly deadlineAt: string | null, readonly updatedAt: string, readonly device: { readonly id: string, readonly deviceId: string }, readonly response: { readonly status: number, readonly payload: unknown } | null, readonly command: { readonly kind: CommandKind, readonly name: string | null, readonly moduleId: string | null, readonly payload: unknown }, readonly progress: { readonly step: string | null, readonly data: unknown, readonly at: string } | null, readonly failure: { readonly code: OperationFailureCode, readonly message: string, readonly retryable: boolean, readonly data: unknown } | null, readonly history: ReadonlyArray<{ readonly sequence: number, readonly at: string, readonly type: OperationEventType, readonly status: OperationStatus, readonly message: string, readonly data: unknown }> } | null };

export type HubBudgetQueryVariables = Exact<{ [key: string]: never; }>;


export type HubBudgetQuery = { readonly hubBudget: ReadonlyArray<{ readonly hub: string, readonly requestClass: RequestClass, readonly intervalSeconds: number, readonly limit: number, readonly allowed: number, readonly used: number, readonly waiting: number, readonly throttled: number }> };

export type OperationTwinQueryVariables = Exact<{
  id: string;
}>;


export type OperationTwinQuery = { readonly operation: { readonly device: { readonly reported: unknown } } | null };

export type OperationsQueryVariables = Exact<{
  where?: OperationFilter | null | undefined;
  first?: number;
  after?: string | null | undefined;
}>;


export type OperationsQuery = { readonly operations: { readonly nodes: ReadonlyArray<{ readonly id: string, readonly action: string, readonly profile: string, readonly status: OperationStatus, readonly proof: Proof | null, readonly attribution: Attribution, readonly sequence: number, readonly requestedAt: string, readonly requestedBy: string, readonly acceptedAt: string | null, readonly finishedAt: string | null, readonly deadlineAt: string | null, readonly updatedAt: string, readonly response: { readonly status: number, readonly payload: unknown } | null, readonly command: { readonly kind: CommandKind, readonly name: string | null, readonly moduleId: string | null, readonly payload: unknown }, readonly progress: { readonly step: string | null, readonly data: unknown, readonly at: string } | null, readonly failure: { readonly code: OperationFailureCode, readonly message: string, readonly retryable: boolean, readonly data: unknown } | null, readonly history: ReadonlyArray<{ readonly sequence: number, readonly at: string, readonly type: OperationEventType, readonly status: OperationStatus, readonly message: string, readonly data: unknown }> }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } };

export type FindDevicesQueryVariables = Exact<{
  where?: DeviceFilter | null | undefined;
  first?: number;
  after?: string | null | undefined;
  orderBy?: DeviceOrder | null | undefined;
}>;


export type FindDevicesQuery = { readonly devices: { readonly nodes: ReadonlyArray<{ readonly deviceId: string }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } };

export type DeviceCountsQueryVariables = Exact<{
  where?: DeviceFilter | null | undefined;
  groupBy?: DeviceGrouping | null | undefined;
}>;


export type DeviceCountsQuery = { readonly deviceCounts: { readonly total: number, readonly observedAt: string, readonly groups: ReadonlyArray<{ readonly value: unknown, readonly count: number }> } };

export type PropertyPathsQueryVariables = Exact<{
  where?: DeviceFilter | null | undefined;
}>;


export type PropertyPathsQuery = { readonly propertyPaths: { readonly sampled: number, readonly observedAt: string, readonly paths: ReadonlyArray<{ readonly section: PropertySection, readonly path: string, readonly types: ReadonlyArray<JsonType>, readonly devices: number, readonly example: unknown }> } };

export type RawQueryQueryVariables = Exact<{
  sql: string;
  first?: number;
  after?: string | null | undefined;
}>;


export type RawQueryQuery = { readonly query: { readonly rows: ReadonlyArray<unknown>, readonly cost: number, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } };

export type RebootDeviceMutationVariables = Exact<{
  input: RebootDeviceInput;
}>;


export type RebootDeviceMutation = { readonly rebootDevice: { readonly started: boolean, readonly operation: { readonly id: string, readonly action: string, readonly profile: string, readonly status: OperationStatus, readonly proof: Proof | null, readonly attribution: Attribution, readonly sequence: number, readonly requestedAt: string, readonly requestedBy: string, readonly acceptedAt: string | null, readonly finishedAt: string | null, readonly deadlineAt: string | null, readonly updatedAt: string, readonly response: { readonly status: number, readonly payload: unknown } | null, readonly command: { readonly kind: CommandKind, readonly name: string | null, readonly moduleId: string | null, readonly payload: unknown }, readonly progress: { readonly step: string | null, readonly data: unknown, readonly at: string } | null, readonly failure: { readonly code: OperationFailureCode, readonly message: string, readonly retryable: boolean, readonly data: unknown } | null, readonly history: ReadonlyArray<{ readonly sequence: number, readonly at: string, readonly type: OperationEventType, readonly status: OperationStatus, readonly message: string, readonly data: unknown }> } } | null };

export type ActionsQueryVariables = Exact<{ [key: string]: never; }>;


export type ActionsQuery = { readonly actions: ReadonlyArray<{ readonly name: string, readonly permission: string, readonly needsConfirmation: boolean, readonly profiles: ReadonlyArray<{ readonly name: string, readonly description: string | null, readonly kind: CommandKind, readonly payloadSchema: unknown, readonly disturbing: boolean, readonly hasEvidence: boolean, readonly deadlineSeconds: number }> }> };

export type RunActionMutationVariables = Exact<{
  input: RunActionInput;
}>;


export type RunActionMutation = { readonly runAction: { readonly started: boolean, readonly operation: { readonly id: string, readonly action: string, readonly profile: string, readonly status: OperationStatus, readonly proof: Proof | null, readonly attribution: Attribution, readonly sequence: number, readonly requestedAt: string, readonly requestedBy: string, readonly acceptedAt: string | null, readonly finishedAt: string | null, readonly deadlineAt: string | null, readonly updatedAt: string, readonly response: { readonly status: number, readonly payload: unknown } | null, readonly command: { readonly kind: CommandKind, readonly name: string | null, readonly moduleId: string | null, readonly payload: unknown }, readonly progress: { readonly step: string | null, readonly data: unknown, readonly at: string } | null, readonly failure: { readonly code: OperationFailureCode, readonly message: string, readonly retryable: boolean, readonly data: unknown } | null, readonly history: ReadonlyArray<{ readonly sequence: number, readonly at: string, readonly type: OperationEventType, readonly status: OperationStatus, readonly message: string, readonly data: unknown }> } } | null };

export type FactoryResetDeviceMutationVariables = Exact<{
  input: FactoryResetDeviceInput;
}>;


export type FactoryResetDeviceMutation = { readonly factoryResetDevice: { readonly started: boolean, readonly operation: { readonly id: string, readonly action: string, readonly profile: string, readonly status: OperationStatus, readonly proof: Proof | null, readonly attribution: Attribution, readonly sequence: number, readonly requestedAt: string, readonly requestedBy: string, readonly acceptedAt: string | null, readonly finishedAt: string | null, readonly deadlineAt: string | null, readonly updatedAt: string, readonly response: { readonly status: number, readonly payload: unknown } | null, readonly command: { readonly kind: CommandKind, readonly name: string | null, readonly moduleId: string | null, readonly payload: unknown }, readonly progress: { readonly step: string | null, readonly data: unknown, readonly at: string } | null, readonly failure: { readonly code: OperationFailureCode, readonly message: string, readonly retryable: boolean, readonly data: unknown } | null, readonly history: ReadonlyArray<{ readonly sequence: number, readonly at: string, readonly type: OperationEventType, readonly status: OperationStatus, readonly message: string, readonly data: unknown }> } } | null };

export type UpdateFirmwareMutationVariables = Exact<{
  input: UpdateFirmwareInput;
}>;


export type UpdateFirmwareMutation = { readonly updateFirmware: { readonly started: boolean, readonly operation: { readonly id: string, readonly action: string, readonly profile: string, readonly status: OperationStatus, readonly proof: Proof | null, readonly attribution: Attribution, readonly sequence: number, readonly requestedAt: string, readonly requestedBy: string, readonly acceptedAt: string | null, readonly finishedAt: string | null, readonly deadlineAt: string | null, readonly updatedAt: string, readonly response: { readonly status: number, readonly payload: unknown } | null, readonly command: { readonly kind: CommandKind, readonly name: string | null, readonly moduleId: string | null, readonly payload: unknown }, readonly progress: { readonly step: string | null, readonly data: unknown, readonly at: string } | null, readonly failure: { readonly code: OperationFailureCode, readonly message: string, readonly retryable: boolean, readonly data: unknown } | null, readonly history: ReadonlyArray<{ readonly sequence: number, readonly at: string, readonly type: OperationEventType, readonly status: OperationStatus, readonly message: string, readonly data: unknown }> } } | null };

export type InvokeMethodMutationVariables = Exact<{
  input: InvokeMethodInput;
}>;


export type InvokeMethodMutation = { readonly invokeMethod: { readonly started: boolean, readonly operation: { readonly id: string, readonly action: string, readonly profile: string, readonly status: OperationStatus, readonly proof: Proof | null, readonly attribution: Attribution, readonly sequence: number, readonly requestedAt: string, readonly requestedBy: string, readonly acceptedAt: string | null, readonly finishedAt: string | null, readonly deadlineAt: string | null, readonly updatedAt: string, readonly response: { readonly status: number, readonly payload: unknown } | null, readonly command: { readonly kind: CommandKind, readonly name: string | null, readonly moduleId: string | null, readonly payload: unknown }, readonly progress: { readonly step: string | null, readonly data: unknown, readonly at: string } | null, readonly failure: { readonly code: OperationFailureCode, readonly message: string, readonly retryable: boolean, readonly data: unknown } | null, readonly history: ReadonlyArray<{ readonly sequence: number, readonly at: string, readonly type: OperationEventType, readonly status: OperationStatus, readonly message: string, readonly data: unknown }> } } | null };

export type SendMessageMutationVariables = Exact<{
  input: SendMessageInput;
}>;


export type SendMessageMutation = { readonly sendMessage: { readonly started: boolean, readonly operation: { readonly id: string, readonly action: string, readonly profile: string, readonly status: OperationStatus, readonly proof: Proof | null, readonly attribution: Attribution, readonly sequence: number, readonly requestedAt: string, readonly requestedBy: string, readonly acceptedAt: string | null, readonly finishedAt: string | null, readonly deadlineAt: string | null, readonly updatedAt: string, readonly command: { readonly kind: CommandKind, readonly name: string | null, readonly moduleId: string | null, readonly payload: unknown, readonly message: { readonly text: string | null, readonly json: unknown, readonly base64: string | null, readonly contentType: string | null, readonly contentEncoding: string | null, readonly correlationId: string | null, readonly timeToLiveSeconds: number, readonly properties: ReadonlyArray<{ readonly name: string, readonly value: string }> } | null }, readonly response: { readonly status: number, readonly payload: unknown } | null, readonly progress: { readonly step: string | null, readonly data: unknown, readonly at: string } | null, readonly failure: { readonly code: OperationFailureCode, readonly message: string, readonly retryable: boolean, readonly data: unknown } | null, readonly history: ReadonlyArray<{ readonly sequence: number, readonly at: string, readonly type: OperationEventType, readonly status: OperationStatus, readonly message: string, readonly data: unknown }> } } | null };

export type MessageStateFragment = { readonly text: string | null, readonly json: unknown, readonly base64: string | null, readonly contentType: string | null, readonly contentEncoding: string | null, readonly correlationId: string | null, readonly timeToLiveSeconds: number, readonly properties: ReadonlyArray<{ readonly name: string, readonly value: string }> };

export type RepeatOperationMutationVariables = Exact<{
  input: RepeatOperationInput;
}>;


export type RepeatOperationMutation = { readonly repeatOperation: { readonly started: boolean, readonly operation: { readonly id: string, readonly action: string, readonly profile: string, readonly status: OperationStatus, readonly proof: Proof | null, readonly attribution: Attribution, readonly sequence: number, readonly requestedAt: string, readonly requestedBy: string, readonly acceptedAt: string | null, readonly finishedAt: string | null, readonly deadlineAt: string | null, readonly updatedAt: string, readonly response: { readonly status: number, readonly payload: unknown } | null, readonly command: { readonly kind: CommandKind, readonly name: string | null, readonly moduleId: string | null, readonly payload: unknown }, readonly progress: { readonly step: string | null, readonly data: unknown, readonly at: string } | null, readonly failure: { readonly code: OperationFailureCode, readonly message: string, readonly retryable: boolean, readonly data: unknown } | null, readonly history: ReadonlyArray<{ readonly sequence: number, readonly at: string, readonly type: OperationEventType, readonly status: OperationStatus, readonly message: string, readonly data: unknown }> } } | null };

export type CancelOperationMutationVariables = Exact<{
  input: CancelOperationInput;
}>;


export type CancelOperationMutation = { readonly cancelOperation: { readonly canceled: boolean, readonly refusal: string | null, readonly operation: { readonly id: string, readonly action: string, readonly profile: string, readonly status: OperationStatus, readonly proof: Proof | null, readonly attribution: Attribution, readonly sequence: number, readonly requestedAt: string, readonly requestedBy: string, readonly acceptedAt: string | null, readonly finishedAt: string | null, readonly deadlineAt: string | null, readonly updatedAt: string, readonly response: { readonly status: number, readonly payload: unknown } | null, readonly command: { readonly kind: CommandKind, readonly name: string | null, readonly moduleId: string | null, readonly payload: unknown }, readonly progress: { readonly step: string | null, readonly data: unknown, readonly at: string } | null, readonly failure: { readonly code: OperationFailureCode, readonly message: string, readonly retryable: boolean, readonly data: unknown } | null, readonly history: ReadonlyArray<{ readonly sequence: number, readonly at: string, readonly type: OperationEventType, readonly status: OperationStatus, readonly message: string, readonly data: unknown }> } } | null };

export type WatchRebootSubscriptionVariables = Exact<{
  deviceId: string;
}>;


export type WatchRebootSubscription = { readonly rebootStatus: { readonly phase: RebootPhase, readonly observedAt: string, readonly operation: { readonly id: string, readonly status: OperationStatus, readonly sequence: number } | null, readonly lastReboot: { readonly at: string, readonly reported: unknown, readonly path: string } | null, readonly connectivity: { readonly verdict: ConnectivityVerdict }, readonly device: { readonly deviceId: string, readonly version: number, readonly source: TwinSource } } };

export type WatchOperationSubscriptionVariables = Exact<{
  id: string;
}>;


export type WatchOperationSubscription = { readonly operation: { readonly id: string, readonly action: string, readonly profile: string, readonly status: OperationStatus, readonly proof: Proof | null, readonly attribution: Attribution, readonly sequence: number, readonly requestedAt: string, readonly requestedBy: string, readonly acceptedAt: string | null, readonly finishedAt: string | null, readonly deadlineAt: string | null, readonly updatedAt: string, readonly response: { readonly status: number, readonly payload: unknown } | null, readonly command: { readonly kind: CommandKind, readonly name: string | null, readonly moduleId: string | null, readonly payload: unknown }, readonly progress: { readonly step: string | null, readonly data: unknown, readonly at: string } | null, readonly failure: { readonly code: OperationFailureCode, readonly message: string, readonly retryable: boolean, readonly data: unknown } | null, readonly history: ReadonlyArray<{ readonly sequence: number, readonly at: string, readonly type: OperationEventType, readonly status: OperationStatus, readonly message: string, readonly data: unknown }> } };

export type WatchOperationEventsSubscriptionVariables = Exact<{
  id: string;
  after?: number | null | undefined;
}>;


export type WatchOperationEventsSubscription = { readonly operationEvents: { readonly sequence: number, readonly at: string, readonly type: OperationEventType, readonly status: OperationStatus, readonly message: string, readonly data: unknown } };

export type WatchDeviceSubscriptionVariables = Exact<{
  id: string;
  intervalSeconds?: number | null | undefined;
}>;


export type WatchDeviceSubscription = { readonly device: { readonly id: string, readonly hub: string, readonly deviceId: string, readonly status: DeviceStatus, readonly tags: unknown, readonly desired: unknown, readonly reported: unknown, readonly etag: string, readonly version: number, readonly observedAt: string, readonly source: TwinSource, readonly connectivity: { readonly verdict: ConnectivityVerdict, readonly reason: string, readonly connectionState: ConnectionState, readonly lastActivityAt: string | null, readonly lastReportedAt: string | null }, readonly lastReboot: { readonly at: string, readonly reported: unknown, readonly path: string } | null } };

export type TwinChangesFragment = { readonly changes: ReadonlyArray<{ readonly section: TwinSection, readonly path: string, readonly before: unknown, readonly after: unknown }> };

export type ModuleStateFragment = { readonly id: string, readonly hub: string, readonly deviceId: string, readonly moduleId: string, readonly authenticationType: AuthenticationType, readonly connectionState: ConnectionState, readonly lastActivityAt: string | null, readonly tags: unknown, readonly desired: unknown, readonly reported: unknown, readonly etag: string, readonly identityEtag: string, readonly version: number, readonly observedAt: string, readonly source: TwinSource };

export type KeysFragment = { readonly primary: { readonly key: string, readonly connectionString: string }, readonly secondary: { readonly key: string, readonly connectionString: string } };

export type IdentityStateFragment = { readonly deviceId: string, readonly status: DeviceStatus, readonly statusReason: string | null, readonly statusUpdatedAt: string | null, readonly authenticationType: AuthenticationType, readonly iotEdge: boolean, readonly modelId: string | null, readonly cloudToDeviceMessageCount: number, readonly identityEtag: string, readonly thumbprints: { readonly primary: string | null, readonly secondary: string | null } | null };

export type BulkStateFragment = { readonly succeeded: number, readonly failed: number, readonly results: ReadonlyArray<{ readonly hub: string, readonly deviceId: string, readonly device: { readonly status: DeviceStatus, readonly statusReason: string | null, readonly tags: unknown, readonly desired: unknown } | null, readonly failure: { readonly code: ChangeFailureCode, readonly message: string, readonly retryable: boolean } | null }> };

export type IdentityQueryVariables = Exact<{
  id: string;
}>;


export type IdentityQuery = { readonly device: { readonly deviceId: string, readonly status: DeviceStatus, readonly statusReason: string | null, readonly statusUpdatedAt: string | null, readonly authenticationType: AuthenticationType, readonly iotEdge: boolean, readonly modelId: string | null, readonly cloudToDeviceMessageCount: number, readonly identityEtag: string, readonly thumbprints: { readonly primary: string | null, readonly secondary: string | null } | null } | null };

export type DeviceKeysQueryVariables = Exact<{
  id: string;
}>;


export type DeviceKeysQuery = { readonly device: { readonly deviceId: string, readonly accessKeys: { readonly primary: { readonly key: string, readonly connectionString: string }, readonly secondary: { readonly key: string, readonly connectionString: string } } | null } | null };

export type DeviceModulesQueryVariables = Exact<{
  id: string;
}>;


export type DeviceModulesQuery = { readonly device: { readonly deviceId: string, readonly modules: ReadonlyArray<{ readonly id: string, readonly hub: string, readonly deviceId: string, readonly moduleId: string, readonly authenticationType: AuthenticationType, readonly connectionState: ConnectionState, readonly lastActivityAt: string | null, readonly tags: unknown, readonly desired: unknown, readonly reported: unknown, readonly etag: string, readonly identityEtag: string, readonly version: number, readonly observedAt: string, readonly source: TwinSource }> } | null };

export type ModuleNamesQueryVariables = Exact<{
  id: string;
}>;


export type ModuleNamesQuery = { readonly device: { readonly modules: ReadonlyArray<{ readonly moduleId: string }> } | null };

export type FleetModulesQueryVariables = Exact<{
  where?: DeviceFilter | null | undefined;
}>;


export type FleetModulesQuery = { readonly devices: { readonly nodes: ReadonlyArray<{ readonly deviceId: string, readonly modules: ReadonlyArray<{ readonly moduleId: string, readonly desired: unknown, readonly source: TwinSource }> }> } };

export type ModuleQueryVariables = Exact<{
  deviceId: string;
  moduleId: string;
}>;


export type ModuleQuery = { readonly module: { readonly id: string, readonly hub: string, readonly deviceId: string, readonly moduleId: string, readonly authenticationType: AuthenticationType, readonly connectionState: ConnectionState, readonly lastActivityAt: string | null, readonly tags: unknown, readonly desired: unknown, readonly reported: unknown, readonly etag: string, readonly identityEtag: string, readonly version: number, readonly observedAt: string, readonly source: TwinSource, readonly accessKeys: { readonly primary: { readonly key: string, readonly connectionString: string }, readonly secondary: { readonly key: string, readonly connectionString: string } } | null } | null };

export type UpdateTwinMutationVariables = Exact<{
  input: UpdateTwinInput;
}>;


export type UpdateTwinMutation = { readonly updateTwin: { readonly device: { readonly id: string, readonly hub: string, readonly deviceId: string, readonly status: DeviceStatus, readonly tags: unknown, readonly desired: unknown, readonly reported: unknown, readonly etag: string, readonly version: number, readonly observedAt: string, readonly source: TwinSource, readonly connectivity: { readonly verdict: ConnectivityVerdict, readonly reason: string, readonly connectionState: ConnectionState, readonly lastActivityAt: string | null, readonly lastReportedAt: string | null }, readonly lastReboot: { readonly at: string, readonly reported: unknown, readonly path: string } | null }, readonly changes: ReadonlyArray<{ readonly section: TwinSection, readonly path: string, readonly before: unknown, readonly after: unknown }> } | null };

export type UpdateModuleTwinMutationVariables = Exact<{
  input: UpdateTwinInput;
}>;


export type UpdateModuleTwinMutation = { readonly updateTwin: { readonly device: { readonly deviceId: string }, readonly module: { readonly id: string, readonly hub: string, readonly deviceId: string, readonly moduleId: string, readonly authenticationType: AuthenticationType, readonly connectionState: ConnectionState, readonly lastActivityAt: string | null, readonly tags: unknown, readonly desired: unknown, readonly reported: unknown, readonly etag: string, readonly identityEtag: string, readonly version: number, readonly observedAt: string, readonly source: TwinSource } | null, readonly changes: ReadonlyArray<{ readonly section: TwinSection, readonly path: string, readonly before: unknown, readonly after: unknown }> } | null };

export type CreateDeviceMutationVariables = Exact<{
  input: CreateDeviceInput;
}>;


export type CreateDeviceMutation = { readonly createDevice: { readonly device: { readonly tags: unknown, readonly desired: unknown, readonly deviceId: string, readonly status: DeviceStatus, readonly statusReason: string | null, readonly statusUpdatedAt: string | null, readonly authenticationType: AuthenticationType, readonly iotEdge: boolean, readonly modelId: string | null, readonly cloudToDeviceMessageCount: number, readonly identityEtag: string, readonly thumbprints: { readonly primary: string | null, readonly secondary: string | null } | null }, readonly accessKeys: { readonly primary: { readonly key: string, readonly connectionString: string }, readonly secondary: { readonly key: string, readonly connectionString: string } } | null } | null };

export type DeleteDeviceMutationVariables = Exact<{
  input: DeleteDeviceInput;
}>;


export type DeleteDeviceMutation = { readonly deleteDevice: { readonly hub: string, readonly deviceId: string } | null };

export type EnableDeviceMutationVariables = Exact<{
  input: EnableDeviceInput;
}>;


export type EnableDeviceMutation = { readonly enableDevice: { readonly device: { readonly deviceId: string, readonly status: DeviceStatus, readonly statusReason: string | null, readonly statusUpdatedAt: string | null, readonly authenticationType: AuthenticationType, readonly iotEdge: boolean, readonly modelId: string | null, readonly cloudToDeviceMessageCount: number, readonly identityEtag: string, readonly thumbprints: { readonly primary: string | null, readonly secondary: string | null } | null } } | null };

export type DisableDeviceMutationVariables = Exact<{
  input: DisableDeviceInput;
}>;


export type DisableDeviceMutation = { readonly disableDevice: { readonly device: { readonly deviceId: string, readonly status: DeviceStatus, readonly statusReason: string | null, readonly statusUpdatedAt: string | null, readonly authenticationType: AuthenticationType, readonly iotEdge: boolean, readonly modelId: string | null, readonly cloudToDeviceMessageCount: number, readonly identityEtag: string, readonly thumbprints: { readonly primary: string | null, readonly secondary: string | null } | null } } | null };

export type RotateKeysMutationVariables = Exact<{
  input: RotateKeysInput;
}>;


export type RotateKeysMutation = { readonly rotateKeys: { readonly device: { readonly deviceId: string, readonly identityEtag: string }, readonly module: { readonly moduleId: string, readonly identityEtag: string } | null, readonly accessKeys: { readonly primary: { readonly key: string, readonly connectionString: string }, readonly secondary: { readonly key: string, readonly connectionString: string } } | null } | null };

export type CreateModuleMutationVariables = Exact<{
  input: CreateModuleInput;
}>;


export type CreateModuleMutation = { readonly createModule: { readonly module: { readonly id: string, readonly hub: string, readonly deviceId: string, readonly moduleId: string, readonly authenticationType: AuthenticationType, readonly connectionState: ConnectionState, readonly lastActivityAt: string | null, readonly tags: unknown, readonly desired: unknown, readonly reported: unknown, readonly etag: string, readonly identityEtag: string, readonly version: number, readonly observedAt: string, readonly source: TwinSource }, readonly accessKeys: { readonly primary: { readonly key: string, readonly connectionString: string }, readonly secondary: { readonly key: string, readonly connectionString: string } } | null } | null };

export type DeleteModuleMutationVariables = Exact<{
  input: DeleteModuleInput;
}>;


export type DeleteModuleMutation = { readonly deleteModule: { readonly hub: string, readonly deviceId: string, readonly moduleId: string } | null };

export type CreateDevicesMutationVariables = Exact<{
  input: CreateDevicesInput;
}>;


export type CreateDevicesMutation = { readonly createDevices: { readonly succeeded: number, readonly failed: number, readonly results: ReadonlyArray<{ readonly hub: string, readonly deviceId: string, readonly accessKeys: { readonly primary: { readonly key: string, readonly connectionString: string }, readonly secondary: { readonly key: string, readonly connectionString: string } } | null, readonly device: { readonly status: DeviceStatus, readonly statusReason: string | null, readonly tags: unknown, readonly desired: unknown } | null, readonly failure: { readonly code: ChangeFailureCode, readonly message: string, readonly retryable: boolean } | null }> } | null };

export type DeleteDevicesMutationVariables = Exact<{
  input: DeleteDevicesInput;
}>;


export type DeleteDevicesMutation = { readonly deleteDevices: { readonly succeeded: number, readonly failed: number, readonly results: ReadonlyArray<{ readonly hub: string, readonly deviceId: string, readonly device: { readonly status: DeviceStatus, readonly statusReason: string | null, readonly tags: unknown, readonly desired: unknown } | null, readonly failure: { readonly code: ChangeFailureCode, readonly message: string, readonly retryable: boolean } | null }> } | null };

export type EnableDevicesMutationVariables = Exact<{
  input: EnableDevicesInput;
}>;


export type EnableDevicesMutation = { readonly enableDevices: { readonly succeeded: number, readonly failed: number, readonly results: ReadonlyArray<{ readonly hub: string, readonly deviceId: string, readonly device: { readonly status: DeviceStatus, readonly statusReason: string | null, readonly tags: unknown, readonly desired: unknown } | null, readonly failure: { readonly code: ChangeFailureCode, readonly message: string, readonly retryable: boolean } | null }> } | null };

export type DisableDevicesMutationVariables = Exact<{
  input: DisableDevicesInput;
}>;


export type DisableDevicesMutation = { readonly disableDevices: { readonly succeeded: number, readonly failed: number, readonly results: ReadonlyArray<{ readonly hub: string, readonly deviceId: string, readonly device: { readonly status: DeviceStatus, readonly statusReason: string | null, readonly tags: unknown, readonly desired: unknown } | null, readonly failure: { readonly code: ChangeFailureCode, readonly message: string, readonly retryable: boolean } | null }> } | null };

export type MissingFragment = { readonly hub: string, readonly code: HubFailureCode, readonly message: string };

export type HubsQueryVariables = Exact<{ [key: string]: never; }>;


export type HubsQuery = { readonly hubs: ReadonlyArray<{ readonly name: string, readonly authentication: HubAuthentication, readonly tier: string, readonly units: number, readonly reachable: boolean, readonly checkedAt: string, readonly failure: { readonly hub: string, readonly code: HubFailureCode, readonly message: string } | null }> };

export type DevicesOfHubsQueryVariables = Exact<{
  where?: DeviceFilter | null | undefined;
  first?: number;
  after?: string | null | undefined;
  orderBy?: DeviceOrder | null | undefined;
}>;


export type DevicesOfHubsQuery = { readonly devices: { readonly nodes: ReadonlyArray<{ readonly id: string, readonly hub: string, readonly deviceId: string }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null }, readonly unavailable: ReadonlyArray<{ readonly hub: string, readonly code: HubFailureCode, readonly message: string }> } };

export type CountsOfHubsQueryVariables = Exact<{
  where?: DeviceFilter | null | undefined;
  groupBy?: DeviceGrouping | null | undefined;
}>;


export type CountsOfHubsQuery = { readonly deviceCounts: { readonly total: number, readonly groups: ReadonlyArray<{ readonly value: unknown, readonly count: number }>, readonly unavailable: ReadonlyArray<{ readonly hub: string, readonly code: HubFailureCode, readonly message: string }> } };

export type PathsOfHubsQueryVariables = Exact<{
  where?: DeviceFilter | null | undefined;
}>;


export type PathsOfHubsQuery = { readonly propertyPaths: { readonly sampled: number, readonly paths: ReadonlyArray<{ readonly path: string, readonly types: ReadonlyArray<JsonType>, readonly devices: number }>, readonly unavailable: ReadonlyArray<{ readonly hub: string, readonly code: HubFailureCode, readonly message: string }> } };

export type QueryOfHubsQueryVariables = Exact<{
  sql: string;
  hub?: string | null | undefined;
  first?: number;
  after?: string | null | undefined;
}>;


export type QueryOfHubsQuery = { readonly query: { readonly hub: string, readonly rows: ReadonlyArray<unknown>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null }, readonly unavailable: ReadonlyArray<{ readonly hub: string, readonly code: HubFailureCode, readonly message: string }> } };

export type ViewerQueryVariables = Exact<{ [key: string]: never; }>;


export type ViewerQuery = { readonly viewer: { readonly id: string, readonly roles: ReadonlyArray<string>, readonly permissions: ReadonlyArray<string>, readonly expiresAt: string | null } };

export type CanQueryVariables = Exact<{
  permission: string;
  deviceIds: ReadonlyArray<string> | string;
}>;


export type CanQuery = { readonly can: ReadonlyArray<{ readonly deviceId: string, readonly permitted: boolean }> };

export type AuditEntryStateFragment = { readonly sequence: number, readonly at: string, readonly actor: string, readonly action: string, readonly permission: string, readonly outcome: AuditOutcome, readonly code: string | null, readonly concludes: number | null, readonly operationId: string | null, readonly input: unknown, readonly reason: string | null, readonly requestId: string | null, readonly address: string | null, readonly count: number, readonly hash: string, readonly previous: string, readonly targets: ReadonlyArray<{ readonly hub: string | null, readonly deviceId: string, readonly moduleId: string | null, readonly code: string | null }> };

export type AuditQueryVariables = Exact<{
  where?: AuditFilter | null | undefined;
  first?: number;
  after?: string | null | undefined;
}>;


export type AuditQuery = { readonly audit: { readonly nodes: ReadonlyArray<{ readonly sequence: number, readonly at: string, readonly actor: string, readonly action: string, readonly permission: string, readonly outcome: AuditOutcome, readonly code: string | null, readonly concludes: number | null, readonly operationId: string | null, readonly input: unknown, readonly reason: string | null, readonly requestId: string | null, readonly address: string | null, readonly count: number, readonly hash: string, readonly previous: string, readonly targets: ReadonlyArray<{ readonly hub: string | null, readonly deviceId: string, readonly moduleId: string | null, readonly code: string | null }> }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } };

export type DeviceMaintenanceQueryVariables = Exact<{
  id: string;
}>;


export type DeviceMaintenanceQuery = { readonly device: { readonly maintenance: { readonly verdict: MaintenanceVerdict, readonly reason: string, readonly policy: string | null, readonly timeZone: string | null, readonly opensAt: string | null, readonly closesAt: string | null } } | null };

export const EventStateFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"EventState"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"OperationEvent"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"sequence"}},{"kind":"Field","name":{"kind":"Name","value":"at"}},{"kind":"Field","name":{"kind":"Name","value":"type"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"data"}}]}}]} as unknown as DocumentNode<EventStateFragment, unknown>;
export const OperationStateFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"OperationState"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Operation"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"action"}},{"kind":"Field","name":{"kind":"Name","value":"profile"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"proof"}},{"kind":"Field","name":{"kind":"Name","value":"attribution"}},{"kind":"Field","name":{"kind":"Name","value":"sequence"}},{"kind":"Field","name":{"kind":"Name","value":"requestedAt"}},{"kind":"Field","name":{"kind":"Name","value":"requestedBy"}},{"kind":"Field","name":{"kind":"Name","value":"acceptedAt"}},{"kind":"Field","name":{"kind":"Name","value":"finishedAt"}},{"kind":"Field","name":{"kind":"Name","value":"deadlineAt"}},{"kind":"Field","name":{"kind":"Name","value":"updatedAt"}},{"kind":"Field","name":{"kind":"Name","value":"response"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"payload"}}]}},{"kind":"Field","name":{"kind":"Name","value":"command"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"moduleId"}},{"kind":"Field","name":{"kind":"Name","value":"payload"}}]}},{"kind":"Field","name":{"kind":"Name","value":"progress"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"step"}},{"kind":"Field","name":{"kind":"Name","value":"data"}},{"kind":"Field","name":{"kind":"Name","value":"at"}}]}},{"kind":"Field","name":{"kind":"Name","value":"failure"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"retryable"}},{"kind":"Field","name":{"kind":"Name","value":"data"}}]}},{"kind":"Field","name":{"kind":"Name","value":"history"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"EventState"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"EventState"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"OperationEvent"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"sequence"}},{"kind":"Field","name":{"kind":"Name","value":"at"}},{"kind":"Field","name":{"kind":"Name","value":"type"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"data"}}]}}]} as unknown as DocumentNode<OperationStateFragment, unknown>;
export const DeviceStateFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"DeviceState"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Device"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"hub"}},{"kind":"Field","name":{"kind":"Name","value":"deviceId"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"connectivity"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"verdict"}},{"kind":"Field","name":{"kind":"Name","value":"reason"}},{"kind":"Field","name":{"kind":"Name","value":"connectionState"}},{"kind":"Field","name":{"kind":"Name","value":"lastActivityAt"}},{"kind":"Field","name":{"kind":"Name","value":"lastReportedAt"}}]}},{"kind":"Field","name":{"kind":"Name","value":"tags"}},{"kind":"Field","name":{"kind":"Name","value":"desired"}},{"kind":"Field","name":{"kind":"Name","value":"reported"}},{"kind":"Field","name":{"kind":"Name","value":"lastReboot"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"at"}},{"kind":"Field","name":{"kind":"Name","value":"reported"}},{"kind":"Field","name":{"kind":"Name","value":"path"}}]}},{"kind":"Field","name":{"kind":"Name","value":"etag"}},{"kind":"Field","name":{"kind":"Name","value":"version"}},{"kind":"Field","name":{"kind":"Name","value":"observedAt"}},{"kind":"Field","name":{"kind":"Name","value":"source"}}]}}]} as unknown as DocumentNode<DeviceStateFragment, unknown>;
export const DriftFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Drift"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"PropertyDrift"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"path"}},{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"desired"}},{"kind":"Field","name":{"kind":"Name","value":"reported"}},{"kind":"Field","name":{"kind":"Name","value":"desiredUpdatedAt"}},{"kind":"Field","name":{"kind":"Name","value":"reportedUpdatedAt"}}]}}]} as unknown as DocumentNode<DriftFragment, unknown>;
export const MessageStateFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"MessageState"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"DeviceMessage"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"text"}},{"kind":"Field","name":{"kind":"Name","value":"json"}},{"kind":"Field","name":{"kind":"Name","value":"base64"}},{"kind":"Field","name":{"kind":"Name","value":"contentType"}},{"kind":"Field","name":{"kind":"Name","value":"contentEncoding"}},{"kind":"Field","name":{"kind":"Name","value":"correlationId"}},{"kind":"Field","name":{"kind":"Name","value":"properties"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"value"}}]}},{"kind":"Field","name":{"kind":"Name","value":"timeToLiveSeconds"}}]}}]} as unknown as DocumentNode<MessageStateFragment, unknown>;
export const TwinChangesFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"TwinChanges"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"UpdateTwinPayload"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"changes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"section"}},{"kind":"Field","name":{"kind":"Name","value":"path"}},{"kind":"Field","name":{"kind":"Name","value":"before"}},{"kind":"Field","name":{"kind":"Name","value":"after"}}]}}]}}]} as unknown as DocumentNode<TwinChangesFragment, unknown>;
export const ModuleStateFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ModuleState"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Module"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"hub"}},{"kind":"Field","name":{"kind":"Name","value":"deviceId"}},{"kind":"Field","name":{"kind":"Name","value":"moduleId"}},{"kind":"Field","name":{"kind":"Name","value":"authenticationType"}},{"kind":"Field","name":{"kind":"Name","value":"connectionState"}},{"kind":"Field","name":{"kind":"Name","value":"lastActivityAt"}},{"kind":"Field","name":{"kind":"Name","value":"tags"}},{"kind":"Field","name":{"kind":"Name","value":"desired"}},{"kind":"Field","name":{"kind":"Name","value":"reported"}},{"kind":"Field","name":{"kind":"Name","value":"etag"}},{"kind":"Field","name":{"kind":"Name","value":"identityEtag"}},{"kind":"Field","name":{"kind":"Name","value":"version"}},{"kind":"Field","name":{"kind":"Name","value":"observedAt"}},{"kind":"Field","name":{"kind":"Name","value":"source"}}]}}]} as unknown as DocumentNode<ModuleStateFragment, unknown>;
export const KeysFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Keys"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"AccessKeys"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"primary"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"key"}},{"kind":"Field","name":{"kind":"Name","value":"connectionString"}}]}},{"kind":"Field","name":{"kind":"Name","value":"secondary"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"key"}},{"kind":"Field","name":{"kind":"Name","value":"connectionString"}}]}}]}}]} as unknown as DocumentNode<KeysFragment, unknown>;
export const IdentityStateFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"IdentityState"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Device"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"deviceId"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"statusReason"}},{"kind":"Field","name":{"kind":"Name","value":"statusUpdatedAt"}},{"kind":"Field","name":{"kind":"Name","value":"authenticationType"}},{"kind":"Field","name":{"kind":"Name","value":"thumbprints"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"primary"}},{"kind":"Field","name":{"kind":"Name","value":"secondary"}}]}},{"kind":"Field","name":{"kind":"Name","value":"iotEdge"}},{"kind":"Field","name":{"kind":"Name","value":"modelId"}},{"kind":"Field","name":{"kind":"Name","value":"cloudToDeviceMessageCount"}},{"kind":"Field","name":{"kind":"Name","value":"identityEtag"}}]}}]} as unknown as DocumentNode<IdentityStateFragment, unknown>;
export const BulkStateFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"BulkState"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"BulkPayload"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"succeeded"}},{"kind":"Field","name":{"kind":"Name","value":"failed"}},{"kind":"Field","name":{"kind":"Name","value":"results"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hub"}},{"kind":"Field","name":{"kind":"Name","value":"deviceId"}},{"kind":"Field","name":{"kind":"Name","value":"device"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"statusReason"}},{"kind":"Field","name":{"kind":"Name","value":"tags"}},{"kind":"Field","name":{"kind":"Name","value":"desired"}}]}},{"kind":"Field","name":{"kind":"Name","value":"failure"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"retryable"}}]}}]}}]}}]} as unknown as DocumentNode<BulkStateFragment, unknown>;
export const MissingFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Missing"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"HubFailure"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hub"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]} as unknown as DocumentNode<MissingFragment, unknown>;
export const AuditEntryStateFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"AuditEntryState"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"AuditEntry"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"sequence"}},{"kind":"Field","name":{"kind":"Name","value":"at"}},{"kind":"Field","name":{"kind":"Name","value":"actor"}},{"kind":"Field","name":{"kind":"Name","value":"action"}},{"kind":"Field","name":{"kind":"Name","value":"permission"}},{"kind":"Field","name":{"kind":"Name","value":"outcome"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"concludes"}},{"kind":"Field","name":{"kind":"Name","value":"targets"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hub"}},{"kind":"Field","name":{"kind":"Name","value":"deviceId"}},{"kind":"Field","name":{"kind":"Name","value":"moduleId"}},{"kind":"Field","name":{"kind":"Name","value":"code"}}]}},{"kind":"Field","name":{"kind":"Name","value":"operationId"}},{"kind":"Field","name":{"kind":"Name","value":"input"}},{"kind":"Field","name":{"kind":"Name","value":"reason"}},{"kind":"Field","name":{"kind":"Name","value":"requestId"}},{"kind":"Field","name":{"kind":"Name","value":"address"}},{"kind":"Field","name":{"kind":"Name","value":"count"}},{"kind":"Field","name":{"kind":"Name","value":"hash"}},{"kind":"Field","name":{"kind":"Name","value":"previous"}}]}}]} as unknown as DocumentNode<AuditEntryStateFragment, unknown>;
export const DeviceDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Device"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"consistency"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Consistency"}}},"defaultValue":{"kind":"EnumValue","value":"FRESH"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"device"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}},{"kind":"Argument","name":{"kind":"Name","value":"consistency"},"value":{"kind":"Variable","name":{"kind":"Name","value":"consistency"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"DeviceState"}},{"kind":"Field","name":{"kind":"Name","value":"operation"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"DeviceState"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Device"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"hub"}},{"kind":"Field","name":{"kind":"Name","value":"deviceId"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"connectivity"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"verdict"}},{"kind":"Field","name":{"kind":"Name","value":"reason"}},{"kind":"Field","name":{"kind":"Name","value":"connectionState"}},{"kind":"Field","name":{"kind":"Name","value":"lastActivityAt"}},{"kind":"Field","name":{"kind":"Name","value":"lastReportedAt"}}]}},{"kind":"Field","name":{"kind":"Name","value":"tags"}},{"kind":"Field","name":{"kind":"Name","value":"desired"}},{"kind":"Field","name":{"kind":"Name","value":"reported"}},{"kind":"Field","name":{"kind":"Name","value":"lastReboot"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"at"}},{"kind":"Field","name":{"kind":"Name","value":"reported"}},{"kind":"Field","name":{"kind":"Name","value":"path"}}]}},{"kind":"Field","name":{"kind":"Name","value":"etag"}},{"kind":"Field","name":{"kind":"Name","value":"version"}},{"kind":"Field","name":{"kind":"Name","value":"observedAt"}},{"kind":"Field","name":{"kind":"Name","value":"source"}}]}}]} as unknown as DocumentNode<DeviceQuery, DeviceQueryVariables>;
export const ReportedPropertiesDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"ReportedProperties"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"paths"}},"type":{"kind":"NonNullType","type":{"kind":"ListType","type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"PropertyPath"}}}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"device"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"reportedProperties"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"paths"},"value":{"kind":"Variable","name":{"kind":"Name","value":"paths"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"path"}},{"kind":"Field","name":{"kind":"Name","value":"value"}},{"kind":"Field","name":{"kind":"Name","value":"lastUpdatedAt"}}]}}]}}]}}]} as unknown as DocumentNode<ReportedPropertiesQuery, ReportedPropertiesQueryVariables>;
export const AllPropertiesDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"AllProperties"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"device"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"desiredProperties"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"path"}},{"kind":"Field","name":{"kind":"Name","value":"value"}},{"kind":"Field","name":{"kind":"Name","value":"lastUpdatedAt"}}]}},{"kind":"Field","name":{"kind":"Name","value":"reportedProperties"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"path"}},{"kind":"Field","name":{"kind":"Name","value":"value"}},{"kind":"Field","name":{"kind":"Name","value":"lastUpdatedAt"}}]}}]}}]}}]} as unknown as DocumentNode<AllPropertiesQuery, AllPropertiesQueryVariables>;
export const DeviceDriftDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"DeviceDrift"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"paths"}},"type":{"kind":"ListType","type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"PropertyPath"}}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"device"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"desiredProperties"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"paths"},"value":{"kind":"Variable","name":{"kind":"Name","value":"paths"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"path"}},{"kind":"Field","name":{"kind":"Name","value":"value"}},{"kind":"Field","name":{"kind":"Name","value":"lastUpdatedAt"}}]}},{"kind":"Field","name":{"kind":"Name","value":"drift"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"paths"},"value":{"kind":"Variable","name":{"kind":"Name","value":"paths"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"Drift"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Drift"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"PropertyDrift"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"path"}},{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"desired"}},{"kind":"Field","name":{"kind":"Name","value":"reported"}},{"kind":"Field","name":{"kind":"Name","value":"desiredUpdatedAt"}},{"kind":"Field","name":{"kind":"Name","value":"reportedUpdatedAt"}}]}}]} as unknown as DocumentNode<DeviceDriftQuery, DeviceDriftQueryVariables>;
export const ModuleDriftDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"ModuleDrift"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"deviceId"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"moduleId"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"paths"}},"type":{"kind":"ListType","type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"PropertyPath"}}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"module"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"deviceId"},"value":{"kind":"Variable","name":{"kind":"Name","value":"deviceId"}}},{"kind":"Argument","name":{"kind":"Name","value":"moduleId"},"value":{"kind":"Variable","name":{"kind":"Name","value":"moduleId"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"desiredProperties"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"paths"},"value":{"kind":"Variable","name":{"kind":"Name","value":"paths"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"path"}},{"kind":"Field","name":{"kind":"Name","value":"value"}},{"kind":"Field","name":{"kind":"Name","value":"lastUpdatedAt"}}]}},{"kind":"Field","name":{"kind":"Name","value":"reportedProperties"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"path"}},{"kind":"Field","name":{"kind":"Name","value":"value"}},{"kind":"Field","name":{"kind":"Name","value":"lastUpdatedAt"}}]}},{"kind":"Field","name":{"kind":"Name","value":"drift"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"paths"},"value":{"kind":"Variable","name":{"kind":"Name","value":"paths"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"Drift"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Drift"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"PropertyDrift"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"path"}},{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"desired"}},{"kind":"Field","name":{"kind":"Name","value":"reported"}},{"kind":"Field","name":{"kind":"Name","value":"desiredUpdatedAt"}},{"kind":"Field","name":{"kind":"Name","value":"reportedUpdatedAt"}}]}}]} as unknown as DocumentNode<ModuleDriftQuery, ModuleDriftQueryVariables>;
export const DeviceHistoryDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"DeviceHistory"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"where"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"OperationFilter"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}},"defaultValue":{"kind":"IntValue","value":"50"}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"device"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}},{"kind":"Argument","name":{"kind":"Name","value":"consistency"},"value":{"kind":"EnumValue","value":"FAST"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"operations"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"where"},"value":{"kind":"Variable","name":{"kind":"Name","value":"where"}}},{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"OperationState"}}]}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}}]}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"EventState"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"OperationEvent"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"sequence"}},{"kind":"Field","name":{"kind":"Name","value":"at"}},{"kind":"Field","name":{"kind":"Name","value":"type"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"data"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"OperationState"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Operation"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"action"}},{"kind":"Field","name":{"kind":"Name","value":"profile"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"proof"}},{"kind":"Field","name":{"kind":"Name","value":"attribution"}},{"kind":"Field","name":{"kind":"Name","value":"sequence"}},{"kind":"Field","name":{"kind":"Name","value":"requestedAt"}},{"kind":"Field","name":{"kind":"Name","value":"requestedBy"}},{"kind":"Field","name":{"kind":"Name","value":"acceptedAt"}},{"kind":"Field","name":{"kind":"Name","value":"finishedAt"}},{"kind":"Field","name":{"kind":"Name","value":"deadlineAt"}},{"kind":"Field","name":{"kind":"Name","value":"updatedAt"}},{"kind":"Field","name":{"kind":"Name","value":"response"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"payload"}}]}},{"kind":"Field","name":{"kind":"Name","value":"command"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"moduleId"}},{"kind":"Field","name":{"kind":"Name","value":"payload"}}]}},{"kind":"Field","name":{"kind":"Name","value":"progress"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"step"}},{"kind":"Field","name":{"kind":"Name","value":"data"}},{"kind":"Field","name":{"kind":"Name","value":"at"}}]}},{"kind":"Field","name":{"kind":"Name","value":"failure"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"retryable"}},{"kind":"Field","name":{"kind":"Name","value":"data"}}]}},{"kind":"Field","name":{"kind":"Name","value":"history"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"EventState"}}]}}]}}]} as unknown as DocumentNode<DeviceHistoryQuery, DeviceHistoryQueryVariables>;
export const OperationHistoryDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"OperationHistory"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"operation"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"device"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"deviceId"}},{"kind":"Field","name":{"kind":"Name","value":"operations"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}}]}}]}}]}}]}}]}}]} as unknown as DocumentNode<OperationHistoryQuery, OperationHistoryQueryVariables>;
export const DevicesDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Devices"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"where"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"DeviceFilter"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}},"defaultValue":{"kind":"IntValue","value":"50"}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"devices"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"where"},"value":{"kind":"Variable","name":{"kind":"Name","value":"where"}}},{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"DeviceState"}}]}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"DeviceState"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Device"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"hub"}},{"kind":"Field","name":{"kind":"Name","value":"deviceId"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"connectivity"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"verdict"}},{"kind":"Field","name":{"kind":"Name","value":"reason"}},{"kind":"Field","name":{"kind":"Name","value":"connectionState"}},{"kind":"Field","name":{"kind":"Name","value":"lastActivityAt"}},{"kind":"Field","name":{"kind":"Name","value":"lastReportedAt"}}]}},{"kind":"Field","name":{"kind":"Name","value":"tags"}},{"kind":"Field","name":{"kind":"Name","value":"desired"}},{"kind":"Field","name":{"kind":"Name","value":"reported"}},{"kind":"Field","name":{"kind":"Name","value":"lastReboot"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"at"}},{"kind":"Field","name":{"kind":"Name","value":"reported"}},{"kind":"Field","name":{"kind":"Name","value":"path"}}]}},{"kind":"Field","name":{"kind":"Name","value":"etag"}},{"kind":"Field","name":{"kind":"Name","value":"version"}},{"kind":"Field","name":{"kind":"Name","value":"observedAt"}},{"kind":"Field","name":{"kind":"Name","value":"source"}}]}}]} as unknown as DocumentNode<DevicesQuery, DevicesQueryVariables>;
export const OperationDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Operation"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"operation"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"OperationState"}},{"kind":"Field","name":{"kind":"Name","value":"device"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"deviceId"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"EventState"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"OperationEvent"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"sequence"}},{"kind":"Field","name":{"kind":"Name","value":"at"}},{"kind":"Field","name":{"kind":"Name","value":"type"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"data"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"OperationState"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Operation"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"action"}},{"kind":"Field","name":{"kind":"Name","value":"profile"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"proof"}},{"kind":"Field","name":{"kind":"Name","value":"attribution"}},{"kind":"Field","name":{"kind":"Name","value":"sequence"}},{"kind":"Field","name":{"kind":"Name","value":"requestedAt"}},{"kind":"Field","name":{"kind":"Name","value":"requestedBy"}},{"kind":"Field","name":{"kind":"Name","value":"acceptedAt"}},{"kind":"Field","name":{"kind":"Name","value":"finishedAt"}},{"kind":"Field","name":{"kind":"Name","value":"deadlineAt"}},{"kind":"Field","name":{"kind":"Name","value":"updatedAt"}},{"kind":"Field","name":{"kind":"Name","value":"response"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"payload"}}]}},{"kind":"Field","name":{"kind":"Name","value":"command"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"moduleId"}},{"kind":"Field","name":{"kind":"Name","value":"payload"}}]}},{"kind":"Field","name":{"kind":"Name","value":"progress"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"step"}},{"kind":"Field","name":{"kind":"Name","value":"data"}},{"kind":"Field","name":{"kind":"Name","value":"at"}}]}},{"kind":"Field","name":{"kind":"Name","value":"failure"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"retryable"}},{"kind":"Field","name":{"kind":"Name","value":"data"}}]}},{"kind":"Field","name":{"kind":"Name","value":"history"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"EventState"}}]}}]}}]} as unknown as DocumentNode<OperationQuery, OperationQueryVariables>;
export const HubBudgetDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"HubBudget"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hubBudget"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hub"}},{"kind":"Field","name":{"kind":"Name","value":"requestClass"}},{"kind":"Field","name":{"kind":"Name","value":"intervalSeconds"}},{"kind":"Field","name":{"kind":"Name","value":"limit"}},{"kind":"Field","name":{"kind":"Name","value":"allowed"}},{"kind":"Field","name":{"kind":"Name","value":"used"}},{"kind":"Field","name":{"kind":"Name","value":"waiting"}},{"kind":"Field","name":{"kind":"Name","value":"throttled"}}]}}]}}]} as unknown as DocumentNode<HubBudgetQuery, HubBudgetQueryVariables>;
export const OperationTwinDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"OperationTwin"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"operation"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"device"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"reported"}}]}}]}}]}}]} as unknown as DocumentNode<OperationTwinQuery, OperationTwinQueryVariables>;
export const OperationsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Operations"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"where"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"OperationFilter"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}},"defaultValue":{"kind":"IntValue","value":"50"}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"operations"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"where"},"value":{"kind":"Variable","name":{"kind":"Name","value":"where"}}},{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"OperationState"}}]}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"EventState"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"OperationEvent"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"sequence"}},{"kind":"Field","name":{"kind":"Name","value":"at"}},{"kind":"Field","name":{"kind":"Name","value":"type"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"data"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"OperationState"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Operation"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"action"}},{"kind":"Field","name":{"kind":"Name","value":"profile"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"proof"}},{"kind":"Field","name":{"kind":"Name","value":"attribution"}},{"kind":"Field","name":{"kind":"Name","value":"sequence"}},{"kind":"Field","name":{"kind":"Name","value":"requestedAt"}},{"kind":"Field","name":{"kind":"Name","value":"requestedBy"}},{"kind":"Field","name":{"kind":"Name","value":"acceptedAt"}},{"kind":"Field","name":{"kind":"Name","value":"finishedAt"}},{"kind":"Field","name":{"kind":"Name","value":"deadlineAt"}},{"kind":"Field","name":{"kind":"Name","value":"updatedAt"}},{"kind":"Field","name":{"kind":"Name","value":"response"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"payload"}}]}},{"kind":"Field","name":{"kind":"Name","value":"command"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"moduleId"}},{"kind":"Field","name":{"kind":"Name","value":"payload"}}]}},{"kind":"Field","name":{"kind":"Name","value":"progress"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"step"}},{"kind":"Field","name":{"kind":"Name","value":"data"}},{"kind":"Field","name":{"kind":"Name","value":"at"}}]}},{"kind":"Field","name":{"kind":"Name","value":"failure"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"retryable"}},{"kind":"Field","name":{"kind":"Name","value":"data"}}]}},{"kind":"Field","name":{"kind":"Name","value":"history"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"EventState"}}]}}]}}]} as unknown as DocumentNode<OperationsQuery, OperationsQueryVariables>;
export const FindDevicesDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"FindDevices"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"where"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"DeviceFilter"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}},"defaultValue":{"kind":"IntValue","value":"50"}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"orderBy"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"DeviceOrder"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"devices"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"where"},"value":{"kind":"Variable","name":{"kind":"Name","value":"where"}}},{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}},{"kind":"Argument","name":{"kind":"Name","value":"orderBy"},"value":{"kind":"Variable","name":{"kind":"Name","value":"orderBy"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"deviceId"}}]}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}}]}}]}}]}}]} as unknown as DocumentNode<FindDevicesQuery, FindDevicesQueryVariables>;
export const DeviceCountsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"DeviceCounts"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"where"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"DeviceFilter"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"groupBy"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"DeviceGrouping"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"deviceCounts"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"where"},"value":{"kind":"Variable","name":{"kind":"Name","value":"where"}}},{"kind":"Argument","name":{"kind":"Name","value":"groupBy"},"value":{"kind":"Variable","name":{"kind":"Name","value":"groupBy"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"total"}},{"kind":"Field","name":{"kind":"Name","value":"groups"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"value"}},{"kind":"Field","name":{"kind":"Name","value":"count"}}]}},{"kind":"Field","name":{"kind":"Name","value":"observedAt"}}]}}]}}]} as unknown as DocumentNode<DeviceCountsQuery, DeviceCountsQueryVariables>;
export const PropertyPathsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"PropertyPaths"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"where"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"DeviceFilter"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"propertyPaths"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"where"},"value":{"kind":"Variable","name":{"kind":"Name","value":"where"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"sampled"}},{"kind":"Field","name":{"kind":"Name","value":"paths"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"section"}},{"kind":"Field","name":{"kind":"Name","value":"path"}},{"kind":"Field","name":{"kind":"Name","value":"types"}},{"kind":"Field","name":{"kind":"Name","value":"devices"}},{"kind":"Field","name":{"kind":"Name","value":"example"}}]}},{"kind":"Field","name":{"kind":"Name","value":"observedAt"}}]}}]}}]} as unknown as DocumentNode<PropertyPathsQuery, PropertyPathsQueryVariables>;
export const RawQueryDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"RawQuery"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"sql"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}},"defaultValue":{"kind":"IntValue","value":"50"}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"query"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"sql"},"value":{"kind":"Variable","name":{"kind":"Name","value":"sql"}}},{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"rows"}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}}]}},{"kind":"Field","name":{"kind":"Name","value":"cost"}}]}}]}}]} as unknown as DocumentNode<RawQueryQuery, RawQueryQueryVariables>;
export const RebootDeviceDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"RebootDevice"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"RebootDeviceInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"rebootDevice"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"operation"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"OperationState"}}]}},{"kind":"Field","name":{"kind":"Name","value":"started"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"EventState"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"OperationEvent"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"sequence"}},{"kind":"Field","name":{"kind":"Name","value":"at"}},{"kind":"Field","name":{"kind":"Name","value":"type"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"data"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"OperationState"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Operation"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"action"}},{"kind":"Field","name":{"kind":"Name","value":"profile"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"proof"}},{"kind":"Field","name":{"kind":"Name","value":"attribution"}},{"kind":"Field","name":{"kind":"Name","value":"sequence"}},{"kind":"Field","name":{"kind":"Name","value":"requestedAt"}},{"kind":"Field","name":{"kind":"Name","value":"requestedBy"}},{"kind":"Field","name":{"kind":"Name","value":"acceptedAt"}},{"kind":"Field","name":{"kind":"Name","value":"finishedAt"}},{"kind":"Field","name":{"kind":"Name","value":"deadlineAt"}},{"kind":"Field","name":{"kind":"Name","value":"updatedAt"}},{"kind":"Field","name":{"kind":"Name","value":"response"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"payload"}}]}},{"kind":"Field","name":{"kind":"Name","value":"command"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"moduleId"}},{"kind":"Field","name":{"kind":"Name","value":"payload"}}]}},{"kind":"Field","name":{"kind":"Name","value":"progress"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"step"}},{"kind":"Field","name":{"kind":"Name","value":"data"}},{"kind":"Field","name":{"kind":"Name","value":"at"}}]}},{"kind":"Field","name":{"kind":"Name","value":"failure"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"retryable"}},{"kind":"Field","name":{"kind":"Name","value":"data"}}]}},{"kind":"Field","name":{"kind":"Name","value":"history"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"EventState"}}]}}]}}]} as unknown as DocumentNode<RebootDeviceMutation, RebootDeviceMutationVariables>;
export const ActionsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Actions"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"actions"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"permission"}},{"kind":"Field","name":{"kind":"Name","value":"needsConfirmation"}},{"kind":"Field","name":{"kind":"Name","value":"profiles"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"description"}},{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"payloadSchema"}},{"kind":"Field","name":{"kind":"Name","value":"disturbing"}},{"kind":"Field","name":{"kind":"Name","value":"hasEvidence"}},{"kind":"Field","name":{"kind":"Name","value":"deadlineSeconds"}}]}}]}}]}}]} as unknown as DocumentNode<ActionsQuery, ActionsQueryVariables>;
export const RunActionDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"RunAction"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"RunActionInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"runAction"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"operation"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"OperationState"}}]}},{"kind":"Field","name":{"kind":"Name","value":"started"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"EventState"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"OperationEvent"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"sequence"}},{"kind":"Field","name":{"kind":"Name","value":"at"}},{"kind":"Field","name":{"kind":"Name","value":"type"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"data"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"OperationState"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Operation"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"action"}},{"kind":"Field","name":{"kind":"Name","value":"profile"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"proof"}},{"kind":"Field","name":{"kind":"Name","value":"attribution"}},{"kind":"Field","name":{"kind":"Name","value":"sequence"}},{"kind":"Field","name":{"kind":"Name","value":"requestedAt"}},{"kind":"Field","name":{"kind":"Name","value":"requestedBy"}},{"kind":"Field","name":{"kind":"Name","value":"acceptedAt"}},{"kind":"Field","name":{"kind":"Name","value":"finishedAt"}},{"kind":"Field","name":{"kind":"Name","value":"deadlineAt"}},{"kind":"Field","name":{"kind":"Name","value":"updatedAt"}},{"kind":"Field","name":{"kind":"Name","value":"response"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"payload"}}]}},{"kind":"Field","name":{"kind":"Name","value":"command"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"moduleId"}},{"kind":"Field","name":{"kind":"Name","value":"payload"}}]}},{"kind":"Field","name":{"kind":"Name","value":"progress"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"step"}},{"kind":"Field","name":{"kind":"Name","value":"data"}},{"kind":"Field","name":{"kind":"Name","value":"at"}}]}},{"kind":"Field","name":{"kind":"Name","value":"failure"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"retryable"}},{"kind":"Field","name":{"kind":"Name","value":"data"}}]}},{"kind":"Field","name":{"kind":"Name","value":"history"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"EventState"}}]}}]}}]} as unknown as DocumentNode<RunActionMutation, RunActionMutationVariables>;
export const FactoryResetDeviceDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"FactoryResetDevice"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"FactoryResetDeviceInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"factoryResetDevice"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"operation"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"OperationState"}}]}},{"kind":"Field","name":{"kind":"Name","value":"started"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"EventState"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"OperationEvent"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"sequence"}},{"kind":"Field","name":{"kind":"Name","value":"at"}},{"kind":"Field","name":{"kind":"Name","value":"type"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"data"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"OperationState"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Operation"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"action"}},{"kind":"Field","name":{"kind":"Name","value":"profile"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"proof"}},{"kind":"Field","name":{"kind":"Name","value":"attribution"}},{"kind":"Field","name":{"kind":"Name","value":"sequence"}},{"kind":"Field","name":{"kind":"Name","value":"requestedAt"}},{"kind":"Field","name":{"kind":"Name","value":"requestedBy"}},{"kind":"Field","name":{"kind":"Name","value":"acceptedAt"}},{"kind":"Field","name":{"kind":"Name","value":"finishedAt"}},{"kind":"Field","name":{"kind":"Name","value":"deadlineAt"}},{"kind":"Field","name":{"kind":"Name","value":"updatedAt"}},{"kind":"Field","name":{"kind":"Name","value":"response"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"payload"}}]}},{"kind":"Field","name":{"kind":"Name","value":"command"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"moduleId"}},{"kind":"Field","name":{"kind":"Name","value":"payload"}}]}},{"kind":"Field","name":{"kind":"Name","value":"progress"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"step"}},{"kind":"Field","name":{"kind":"Name","value":"data"}},{"kind":"Field","name":{"kind":"Name","value":"at"}}]}},{"kind":"Field","name":{"kind":"Name","value":"failure"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"retryable"}},{"kind":"Field","name":{"kind":"Name","value":"data"}}]}},{"kind":"Field","name":{"kind":"Name","value":"history"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"EventState"}}]}}]}}]} as unknown as DocumentNode<FactoryResetDeviceMutation, FactoryResetDeviceMutationVariables>;
export const UpdateFirmwareDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"UpdateFirmware"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"UpdateFirmwareInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"updateFirmware"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"operation"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"OperationState"}}]}},{"kind":"Field","name":{"kind":"Name","value":"started"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"EventState"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"OperationEvent"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"sequence"}},{"kind":"Field","name":{"kind":"Name","value":"at"}},{"kind":"Field","name":{"kind":"Name","value":"type"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"data"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"OperationState"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Operation"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"action"}},{"kind":"Field","name":{"kind":"Name","value":"profile"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"proof"}},{"kind":"Field","name":{"kind":"Name","value":"attribution"}},{"kind":"Field","name":{"kind":"Name","value":"sequence"}},{"kind":"Field","name":{"kind":"Name","value":"requestedAt"}},{"kind":"Field","name":{"kind":"Name","value":"requestedBy"}},{"kind":"Field","name":{"kind":"Name","value":"acceptedAt"}},{"kind":"Field","name":{"kind":"Name","value":"finishedAt"}},{"kind":"Field","name":{"kind":"Name","value":"deadlineAt"}},{"kind":"Field","name":{"kind":"Name","value":"updatedAt"}},{"kind":"Field","name":{"kind":"Name","value":"response"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"payload"}}]}},{"kind":"Field","name":{"kind":"Name","value":"command"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"moduleId"}},{"kind":"Field","name":{"kind":"Name","value":"payload"}}]}},{"kind":"Field","name":{"kind":"Name","value":"progress"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"step"}},{"kind":"Field","name":{"kind":"Name","value":"data"}},{"kind":"Field","name":{"kind":"Name","value":"at"}}]}},{"kind":"Field","name":{"kind":"Name","value":"failure"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"retryable"}},{"kind":"Field","name":{"kind":"Name","value":"data"}}]}},{"kind":"Field","name":{"kind":"Name","value":"history"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"EventState"}}]}}]}}]} as unknown as DocumentNode<UpdateFirmwareMutation, UpdateFirmwareMutationVariables>;
export const InvokeMethodDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"InvokeMethod"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"InvokeMethodInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"invokeMethod"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"operation"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"OperationState"}}]}},{"kind":"Field","name":{"kind":"Name","value":"started"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"EventState"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"OperationEvent"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"sequence"}},{"kind":"Field","name":{"kind":"Name","value":"at"}},{"kind":"Field","name":{"kind":"Name","value":"type"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"data"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"OperationState"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Operation"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"action"}},{"kind":"Field","name":{"kind":"Name","value":"profile"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"proof"}},{"kind":"Field","name":{"kind":"Name","value":"attribution"}},{"kind":"Field","name":{"kind":"Name","value":"sequence"}},{"kind":"Field","name":{"kind":"Name","value":"requestedAt"}},{"kind":"Field","name":{"kind":"Name","value":"requestedBy"}},{"kind":"Field","name":{"kind":"Name","value":"acceptedAt"}},{"kind":"Field","name":{"kind":"Name","value":"finishedAt"}},{"kind":"Field","name":{"kind":"Name","value":"deadlineAt"}},{"kind":"Field","name":{"kind":"Name","value":"updatedAt"}},{"kind":"Field","name":{"kind":"Name","value":"response"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"payload"}}]}},{"kind":"Field","name":{"kind":"Name","value":"command"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"moduleId"}},{"kind":"Field","name":{"kind":"Name","value":"payload"}}]}},{"kind":"Field","name":{"kind":"Name","value":"progress"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"step"}},{"kind":"Field","name":{"kind":"Name","value":"data"}},{"kind":"Field","name":{"kind":"Name","value":"at"}}]}},{"kind":"Field","name":{"kind":"Name","value":"failure"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"retryable"}},{"kind":"Field","name":{"kind":"Name","value":"data"}}]}},{"kind":"Field","name":{"kind":"Name","value":"history"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"EventState"}}]}}]}}]} as unknown as DocumentNode<InvokeMethodMutation, InvokeMethodMutationVariables>;
export const SendMessageDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"SendMessage"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"SendMessageInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"sendMessage"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"operation"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"OperationState"}},{"kind":"Field","name":{"kind":"Name","value":"command"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"message"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MessageState"}}]}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"started"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"EventState"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"OperationEvent"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"sequence"}},{"kind":"Field","name":{"kind":"Name","value":"at"}},{"kind":"Field","name":{"kind":"Name","value":"type"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"data"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"OperationState"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Operation"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"action"}},{"kind":"Field","name":{"kind":"Name","value":"profile"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"proof"}},{"kind":"Field","name":{"kind":"Name","value":"attribution"}},{"kind":"Field","name":{"kind":"Name","value":"sequence"}},{"kind":"Field","name":{"kind":"Name","value":"requestedAt"}},{"kind":"Field","name":{"kind":"Name","value":"requestedBy"}},{"kind":"Field","name":{"kind":"Name","value":"acceptedAt"}},{"kind":"Field","name":{"kind":"Name","value":"finishedAt"}},{"kind":"Field","name":{"kind":"Name","value":"deadlineAt"}},{"kind":"Field","name":{"kind":"Name","value":"updatedAt"}},{"kind":"Field","name":{"kind":"Name","value":"response"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"payload"}}]}},{"kind":"Field","name":{"kind":"Name","value":"command"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"moduleId"}},{"kind":"Field","name":{"kind":"Name","value":"payload"}}]}},{"kind":"Field","name":{"kind":"Name","value":"progress"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"step"}},{"kind":"Field","name":{"kind":"Name","value":"data"}},{"kind":"Field","name":{"kind":"Name","value":"at"}}]}},{"kind":"Field","name":{"kind":"Name","value":"failure"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"retryable"}},{"kind":"Field","name":{"kind":"Name","value":"data"}}]}},{"kind":"Field","name":{"kind":"Name","value":"history"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"EventState"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"MessageState"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"DeviceMessage"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"text"}},{"kind":"Field","name":{"kind":"Name","value":"json"}},{"kind":"Field","name":{"kind":"Name","value":"base64"}},{"kind":"Field","name":{"kind":"Name","value":"contentType"}},{"kind":"Field","name":{"kind":"Name","value":"contentEncoding"}},{"kind":"Field","name":{"kind":"Name","value":"correlationId"}},{"kind":"Field","name":{"kind":"Name","value":"properties"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"value"}}]}},{"kind":"Field","name":{"kind":"Name","value":"timeToLiveSeconds"}}]}}]} as unknown as DocumentNode<SendMessageMutation, SendMessageMutationVariables>;
export const RepeatOperationDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"RepeatOperation"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"RepeatOperationInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"repeatOperation"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"operation"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"OperationState"}}]}},{"kind":"Field","name":{"kind":"Name","value":"started"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"EventState"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"OperationEvent"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"sequence"}},{"kind":"Field","name":{"kind":"Name","value":"at"}},{"kind":"Field","name":{"kind":"Name","value":"type"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"data"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"OperationState"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Operation"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"action"}},{"kind":"Field","name":{"kind":"Name","value":"profile"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"proof"}},{"kind":"Field","name":{"kind":"Name","value":"attribution"}},{"kind":"Field","name":{"kind":"Name","value":"sequence"}},{"kind":"Field","name":{"kind":"Name","value":"requestedAt"}},{"kind":"Field","name":{"kind":"Name","value":"requestedBy"}},{"kind":"Field","name":{"kind":"Name","value":"acceptedAt"}},{"kind":"Field","name":{"kind":"Name","value":"finishedAt"}},{"kind":"Field","name":{"kind":"Name","value":"deadlineAt"}},{"kind":"Field","name":{"kind":"Name","value":"updatedAt"}},{"kind":"Field","name":{"kind":"Name","value":"response"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"payload"}}]}},{"kind":"Field","name":{"kind":"Name","value":"command"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"moduleId"}},{"kind":"Field","name":{"kind":"Name","value":"payload"}}]}},{"kind":"Field","name":{"kind":"Name","value":"progress"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"step"}},{"kind":"Field","name":{"kind":"Name","value":"data"}},{"kind":"Field","name":{"kind":"Name","value":"at"}}]}},{"kind":"Field","name":{"kind":"Name","value":"failure"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"retryable"}},{"kind":"Field","name":{"kind":"Name","value":"data"}}]}},{"kind":"Field","name":{"kind":"Name","value":"history"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"EventState"}}]}}]}}]} as unknown as DocumentNode<RepeatOperationMutation, RepeatOperationMutationVariables>;
export const CancelOperationDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"CancelOperation"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"CancelOperationInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cancelOperation"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"operation"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"OperationState"}}]}},{"kind":"Field","name":{"kind":"Name","value":"canceled"}},{"kind":"Field","name":{"kind":"Name","value":"refusal"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"EventState"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"OperationEvent"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"sequence"}},{"kind":"Field","name":{"kind":"Name","value":"at"}},{"kind":"Field","name":{"kind":"Name","value":"type"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"data"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"OperationState"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Operation"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"action"}},{"kind":"Field","name":{"kind":"Name","value":"profile"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"proof"}},{"kind":"Field","name":{"kind":"Name","value":"attribution"}},{"kind":"Field","name":{"kind":"Name","value":"sequence"}},{"kind":"Field","name":{"kind":"Name","value":"requestedAt"}},{"kind":"Field","name":{"kind":"Name","value":"requestedBy"}},{"kind":"Field","name":{"kind":"Name","value":"acceptedAt"}},{"kind":"Field","name":{"kind":"Name","value":"finishedAt"}},{"kind":"Field","name":{"kind":"Name","value":"deadlineAt"}},{"kind":"Field","name":{"kind":"Name","value":"updatedAt"}},{"kind":"Field","name":{"kind":"Name","value":"response"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"payload"}}]}},{"kind":"Field","name":{"kind":"Name","value":"command"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"moduleId"}},{"kind":"Field","name":{"kind":"Name","value":"payload"}}]}},{"kind":"Field","name":{"kind":"Name","value":"progress"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"step"}},{"kind":"Field","name":{"kind":"Name","value":"data"}},{"kind":"Field","name":{"kind":"Name","value":"at"}}]}},{"kind":"Field","name":{"kind":"Name","value":"failure"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"retryable"}},{"kind":"Field","name":{"kind":"Name","value":"data"}}]}},{"kind":"Field","name":{"kind":"Name","value":"history"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"EventState"}}]}}]}}]} as unknown as DocumentNode<CancelOperationMutation, CancelOperationMutationVariables>;
export const WatchRebootDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"subscription","name":{"kind":"Name","value":"WatchReboot"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"deviceId"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"rebootStatus"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"deviceId"},"value":{"kind":"Variable","name":{"kind":"Name","value":"deviceId"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"phase"}},{"kind":"Field","name":{"kind":"Name","value":"operation"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"sequence"}}]}},{"kind":"Field","name":{"kind":"Name","value":"lastReboot"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"at"}},{"kind":"Field","name":{"kind":"Name","value":"reported"}},{"kind":"Field","name":{"kind":"Name","value":"path"}}]}},{"kind":"Field","name":{"kind":"Name","value":"connectivity"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"verdict"}}]}},{"kind":"Field","name":{"kind":"Name","value":"device"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"deviceId"}},{"kind":"Field","name":{"kind":"Name","value":"version"}},{"kind":"Field","name":{"kind":"Name","value":"source"}}]}},{"kind":"Field","name":{"kind":"Name","value":"observedAt"}}]}}]}}]} as unknown as DocumentNode<WatchRebootSubscription, WatchRebootSubscriptionVariables>;
export const WatchOperationDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"subscription","name":{"kind":"Name","value":"WatchOperation"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"operation"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"OperationState"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"EventState"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"OperationEvent"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"sequence"}},{"kind":"Field","name":{"kind":"Name","value":"at"}},{"kind":"Field","name":{"kind":"Name","value":"type"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"data"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"OperationState"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Operation"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"action"}},{"kind":"Field","name":{"kind":"Name","value":"profile"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"proof"}},{"kind":"Field","name":{"kind":"Name","value":"attribution"}},{"kind":"Field","name":{"kind":"Name","value":"sequence"}},{"kind":"Field","name":{"kind":"Name","value":"requestedAt"}},{"kind":"Field","name":{"kind":"Name","value":"requestedBy"}},{"kind":"Field","name":{"kind":"Name","value":"acceptedAt"}},{"kind":"Field","name":{"kind":"Name","value":"finishedAt"}},{"kind":"Field","name":{"kind":"Name","value":"deadlineAt"}},{"kind":"Field","name":{"kind":"Name","value":"updatedAt"}},{"kind":"Field","name":{"kind":"Name","value":"response"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"payload"}}]}},{"kind":"Field","name":{"kind":"Name","value":"command"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"moduleId"}},{"kind":"Field","name":{"kind":"Name","value":"payload"}}]}},{"kind":"Field","name":{"kind":"Name","value":"progress"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"step"}},{"kind":"Field","name":{"kind":"Name","value":"data"}},{"kind":"Field","name":{"kind":"Name","value":"at"}}]}},{"kind":"Field","name":{"kind":"Name","value":"failure"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"retryable"}},{"kind":"Field","name":{"kind":"Name","value":"data"}}]}},{"kind":"Field","name":{"kind":"Name","value":"history"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"EventState"}}]}}]}}]} as unknown as DocumentNode<WatchOperationSubscription, WatchOperationSubscriptionVariables>;
export const WatchOperationEventsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"subscription","name":{"kind":"Name","value":"WatchOperationEvents"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"operationEvents"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"EventState"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"EventState"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"OperationEvent"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"sequence"}},{"kind":"Field","name":{"kind":"Name","value":"at"}},{"kind":"Field","name":{"kind":"Name","value":"type"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"data"}}]}}]} as unknown as DocumentNode<WatchOperationEventsSubscription, WatchOperationEventsSubscriptionVariables>;
export const WatchDeviceDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"subscription","name":{"kind":"Name","value":"WatchDevice"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"intervalSeconds"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"device"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}},{"kind":"Argument","name":{"kind":"Name","value":"intervalSeconds"},"value":{"kind":"Variable","name":{"kind":"Name","value":"intervalSeconds"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"DeviceState"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"DeviceState"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Device"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"hub"}},{"kind":"Field","name":{"kind":"Name","value":"deviceId"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"connectivity"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"verdict"}},{"kind":"Field","name":{"kind":"Name","value":"reason"}},{"kind":"Field","name":{"kind":"Name","value":"connectionState"}},{"kind":"Field","name":{"kind":"Name","value":"lastActivityAt"}},{"kind":"Field","name":{"kind":"Name","value":"lastReportedAt"}}]}},{"kind":"Field","name":{"kind":"Name","value":"tags"}},{"kind":"Field","name":{"kind":"Name","value":"desired"}},{"kind":"Field","name":{"kind":"Name","value":"reported"}},{"kind":"Field","name":{"kind":"Name","value":"lastReboot"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"at"}},{"kind":"Field","name":{"kind":"Name","value":"reported"}},{"kind":"Field","name":{"kind":"Name","value":"path"}}]}},{"kind":"Field","name":{"kind":"Name","value":"etag"}},{"kind":"Field","name":{"kind":"Name","value":"version"}},{"kind":"Field","name":{"kind":"Name","value":"observedAt"}},{"kind":"Field","name":{"kind":"Name","value":"source"}}]}}]} as unknown as DocumentNode<WatchDeviceSubscription, WatchDeviceSubscriptionVariables>;
export const IdentityDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Identity"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"device"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"IdentityState"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"IdentityState"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Device"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"deviceId"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"statusReason"}},{"kind":"Field","name":{"kind":"Name","value":"statusUpdatedAt"}},{"kind":"Field","name":{"kind":"Name","value":"authenticationType"}},{"kind":"Field","name":{"kind":"Name","value":"thumbprints"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"primary"}},{"kind":"Field","name":{"kind":"Name","value":"secondary"}}]}},{"kind":"Field","name":{"kind":"Name","value":"iotEdge"}},{"kind":"Field","name":{"kind":"Name","value":"modelId"}},{"kind":"Field","name":{"kind":"Name","value":"cloudToDeviceMessageCount"}},{"kind":"Field","name":{"kind":"Name","value":"identityEtag"}}]}}]} as unknown as DocumentNode<IdentityQuery, IdentityQueryVariables>;
export const DeviceKeysDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"DeviceKeys"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"device"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"deviceId"}},{"kind":"Field","name":{"kind":"Name","value":"accessKeys"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"Keys"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Keys"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"AccessKeys"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"primary"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"key"}},{"kind":"Field","name":{"kind":"Name","value":"connectionString"}}]}},{"kind":"Field","name":{"kind":"Name","value":"secondary"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"key"}},{"kind":"Field","name":{"kind":"Name","value":"connectionString"}}]}}]}}]} as unknown as DocumentNode<DeviceKeysQuery, DeviceKeysQueryVariables>;
export const DeviceModulesDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"DeviceModules"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"device"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"deviceId"}},{"kind":"Field","name":{"kind":"Name","value":"modules"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"ModuleState"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ModuleState"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Module"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"hub"}},{"kind":"Field","name":{"kind":"Name","value":"deviceId"}},{"kind":"Field","name":{"kind":"Name","value":"moduleId"}},{"kind":"Field","name":{"kind":"Name","value":"authenticationType"}},{"kind":"Field","name":{"kind":"Name","value":"connectionState"}},{"kind":"Field","name":{"kind":"Name","value":"lastActivityAt"}},{"kind":"Field","name":{"kind":"Name","value":"tags"}},{"kind":"Field","name":{"kind":"Name","value":"desired"}},{"kind":"Field","name":{"kind":"Name","value":"reported"}},{"kind":"Field","name":{"kind":"Name","value":"etag"}},{"kind":"Field","name":{"kind":"Name","value":"identityEtag"}},{"kind":"Field","name":{"kind":"Name","value":"version"}},{"kind":"Field","name":{"kind":"Name","value":"observedAt"}},{"kind":"Field","name":{"kind":"Name","value":"source"}}]}}]} as unknown as DocumentNode<DeviceModulesQuery, DeviceModulesQueryVariables>;
export const ModuleNamesDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"ModuleNames"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"device"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"modules"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"moduleId"}}]}}]}}]}}]} as unknown as DocumentNode<ModuleNamesQuery, ModuleNamesQueryVariables>;
export const FleetModulesDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"FleetModules"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"where"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"DeviceFilter"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"devices"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"where"},"value":{"kind":"Variable","name":{"kind":"Name","value":"where"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"deviceId"}},{"kind":"Field","name":{"kind":"Name","value":"modules"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"moduleId"}},{"kind":"Field","name":{"kind":"Name","value":"desired"}},{"kind":"Field","name":{"kind":"Name","value":"source"}}]}}]}}]}}]}}]} as unknown as DocumentNode<FleetModulesQuery, FleetModulesQueryVariables>;
export const ModuleDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Module"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"deviceId"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"moduleId"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"module"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"deviceId"},"value":{"kind":"Variable","name":{"kind":"Name","value":"deviceId"}}},{"kind":"Argument","name":{"kind":"Name","value":"moduleId"},"value":{"kind":"Variable","name":{"kind":"Name","value":"moduleId"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"ModuleState"}},{"kind":"Field","name":{"kind":"Name","value":"accessKeys"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"Keys"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ModuleState"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Module"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"hub"}},{"kind":"Field","name":{"kind":"Name","value":"deviceId"}},{"kind":"Field","name":{"kind":"Name","value":"moduleId"}},{"kind":"Field","name":{"kind":"Name","value":"authenticationType"}},{"kind":"Field","name":{"kind":"Name","value":"connectionState"}},{"kind":"Field","name":{"kind":"Name","value":"lastActivityAt"}},{"kind":"Field","name":{"kind":"Name","value":"tags"}},{"kind":"Field","name":{"kind":"Name","value":"desired"}},{"kind":"Field","name":{"kind":"Name","value":"reported"}},{"kind":"Field","name":{"kind":"Name","value":"etag"}},{"kind":"Field","name":{"kind":"Name","value":"identityEtag"}},{"kind":"Field","name":{"kind":"Name","value":"version"}},{"kind":"Field","name":{"kind":"Name","value":"observedAt"}},{"kind":"Field","name":{"kind":"Name","value":"source"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Keys"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"AccessKeys"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"primary"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"key"}},{"kind":"Field","name":{"kind":"Name","value":"connectionString"}}]}},{"kind":"Field","name":{"kind":"Name","value":"secondary"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"key"}},{"kind":"Field","name":{"kind":"Name","value":"connectionString"}}]}}]}}]} as unknown as DocumentNode<ModuleQuery, ModuleQueryVariables>;
export const UpdateTwinDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"UpdateTwin"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"UpdateTwinInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"updateTwin"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"device"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"DeviceState"}}]}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"TwinChanges"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"DeviceState"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Device"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"hub"}},{"kind":"Field","name":{"kind":"Name","value":"deviceId"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"connectivity"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"verdict"}},{"kind":"Field","name":{"kind":"Name","value":"reason"}},{"kind":"Field","name":{"kind":"Name","value":"connectionState"}},{"kind":"Field","name":{"kind":"Name","value":"lastActivityAt"}},{"kind":"Field","name":{"kind":"Name","value":"lastReportedAt"}}]}},{"kind":"Field","name":{"kind":"Name","value":"tags"}},{"kind":"Field","name":{"kind":"Name","value":"desired"}},{"kind":"Field","name":{"kind":"Name","value":"reported"}},{"kind":"Field","name":{"kind":"Name","value":"lastReboot"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"at"}},{"kind":"Field","name":{"kind":"Name","value":"reported"}},{"kind":"Field","name":{"kind":"Name","value":"path"}}]}},{"kind":"Field","name":{"kind":"Name","value":"etag"}},{"kind":"Field","name":{"kind":"Name","value":"version"}},{"kind":"Field","name":{"kind":"Name","value":"observedAt"}},{"kind":"Field","name":{"kind":"Name","value":"source"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"TwinChanges"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"UpdateTwinPayload"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"changes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"section"}},{"kind":"Field","name":{"kind":"Name","value":"path"}},{"kind":"Field","name":{"kind":"Name","value":"before"}},{"kind":"Field","name":{"kind":"Name","value":"after"}}]}}]}}]} as unknown as DocumentNode<UpdateTwinMutation, UpdateTwinMutationVariables>;
export const UpdateModuleTwinDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"UpdateModuleTwin"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"UpdateTwinInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"updateTwin"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"device"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"deviceId"}}]}},{"kind":"Field","name":{"kind":"Name","value":"module"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"ModuleState"}}]}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"TwinChanges"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ModuleState"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Module"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"hub"}},{"kind":"Field","name":{"kind":"Name","value":"deviceId"}},{"kind":"Field","name":{"kind":"Name","value":"moduleId"}},{"kind":"Field","name":{"kind":"Name","value":"authenticationType"}},{"kind":"Field","name":{"kind":"Name","value":"connectionState"}},{"kind":"Field","name":{"kind":"Name","value":"lastActivityAt"}},{"kind":"Field","name":{"kind":"Name","value":"tags"}},{"kind":"Field","name":{"kind":"Name","value":"desired"}},{"kind":"Field","name":{"kind":"Name","value":"reported"}},{"kind":"Field","name":{"kind":"Name","value":"etag"}},{"kind":"Field","name":{"kind":"Name","value":"identityEtag"}},{"kind":"Field","name":{"kind":"Name","value":"version"}},{"kind":"Field","name":{"kind":"Name","value":"observedAt"}},{"kind":"Field","name":{"kind":"Name","value":"source"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"TwinChanges"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"UpdateTwinPayload"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"changes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"section"}},{"kind":"Field","name":{"kind":"Name","value":"path"}},{"kind":"Field","name":{"kind":"Name","value":"before"}},{"kind":"Field","name":{"kind":"Name","value":"after"}}]}}]}}]} as unknown as DocumentNode<UpdateModuleTwinMutation, UpdateModuleTwinMutationVariables>;
export const CreateDeviceDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"CreateDevice"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"CreateDeviceInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"createDevice"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"device"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"IdentityState"}},{"kind":"Field","name":{"kind":"Name","value":"tags"}},{"kind":"Field","name":{"kind":"Name","value":"desired"}}]}},{"kind":"Field","name":{"kind":"Name","value":"accessKeys"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"Keys"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"IdentityState"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Device"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"deviceId"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"statusReason"}},{"kind":"Field","name":{"kind":"Name","value":"statusUpdatedAt"}},{"kind":"Field","name":{"kind":"Name","value":"authenticationType"}},{"kind":"Field","name":{"kind":"Name","value":"thumbprints"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"primary"}},{"kind":"Field","name":{"kind":"Name","value":"secondary"}}]}},{"kind":"Field","name":{"kind":"Name","value":"iotEdge"}},{"kind":"Field","name":{"kind":"Name","value":"modelId"}},{"kind":"Field","name":{"kind":"Name","value":"cloudToDeviceMessageCount"}},{"kind":"Field","name":{"kind":"Name","value":"identityEtag"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Keys"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"AccessKeys"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"primary"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"key"}},{"kind":"Field","name":{"kind":"Name","value":"connectionString"}}]}},{"kind":"Field","name":{"kind":"Name","value":"secondary"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"key"}},{"kind":"Field","name":{"kind":"Name","value":"connectionString"}}]}}]}}]} as unknown as DocumentNode<CreateDeviceMutation, CreateDeviceMutationVariables>;
export const DeleteDeviceDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"DeleteDevice"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"DeleteDeviceInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"deleteDevice"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hub"}},{"kind":"Field","name":{"kind":"Name","value":"deviceId"}}]}}]}}]} as unknown as DocumentNode<DeleteDeviceMutation, DeleteDeviceMutationVariables>;
export const EnableDeviceDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"EnableDevice"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"EnableDeviceInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"enableDevice"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"device"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"IdentityState"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"IdentityState"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Device"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"deviceId"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"statusReason"}},{"kind":"Field","name":{"kind":"Name","value":"statusUpdatedAt"}},{"kind":"Field","name":{"kind":"Name","value":"authenticationType"}},{"kind":"Field","name":{"kind":"Name","value":"thumbprints"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"primary"}},{"kind":"Field","name":{"kind":"Name","value":"secondary"}}]}},{"kind":"Field","name":{"kind":"Name","value":"iotEdge"}},{"kind":"Field","name":{"kind":"Name","value":"modelId"}},{"kind":"Field","name":{"kind":"Name","value":"cloudToDeviceMessageCount"}},{"kind":"Field","name":{"kind":"Name","value":"identityEtag"}}]}}]} as unknown as DocumentNode<EnableDeviceMutation, EnableDeviceMutationVariables>;
export const DisableDeviceDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"DisableDevice"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"DisableDeviceInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"disableDevice"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"device"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"IdentityState"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"IdentityState"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Device"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"deviceId"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"statusReason"}},{"kind":"Field","name":{"kind":"Name","value":"statusUpdatedAt"}},{"kind":"Field","name":{"kind":"Name","value":"authenticationType"}},{"kind":"Field","name":{"kind":"Name","value":"thumbprints"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"primary"}},{"kind":"Field","name":{"kind":"Name","value":"secondary"}}]}},{"kind":"Field","name":{"kind":"Name","value":"iotEdge"}},{"kind":"Field","name":{"kind":"Name","value":"modelId"}},{"kind":"Field","name":{"kind":"Name","value":"cloudToDeviceMessageCount"}},{"kind":"Field","name":{"kind":"Name","value":"identityEtag"}}]}}]} as unknown as DocumentNode<DisableDeviceMutation, DisableDeviceMutationVariables>;
export const RotateKeysDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"RotateKeys"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"RotateKeysInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"rotateKeys"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"device"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"deviceId"}},{"kind":"Field","name":{"kind":"Name","value":"identityEtag"}}]}},{"kind":"Field","name":{"kind":"Name","value":"module"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"moduleId"}},{"kind":"Field","name":{"kind":"Name","value":"identityEtag"}}]}},{"kind":"Field","name":{"kind":"Name","value":"accessKeys"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"Keys"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Keys"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"AccessKeys"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"primary"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"key"}},{"kind":"Field","name":{"kind":"Name","value":"connectionString"}}]}},{"kind":"Field","name":{"kind":"Name","value":"secondary"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"key"}},{"kind":"Field","name":{"kind":"Name","value":"connectionString"}}]}}]}}]} as unknown as DocumentNode<RotateKeysMutation, RotateKeysMutationVariables>;
export const CreateModuleDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"CreateModule"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"CreateModuleInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"createModule"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"module"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"ModuleState"}}]}},{"kind":"Field","name":{"kind":"Name","value":"accessKeys"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"Keys"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ModuleState"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Module"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"hub"}},{"kind":"Field","name":{"kind":"Name","value":"deviceId"}},{"kind":"Field","name":{"kind":"Name","value":"moduleId"}},{"kind":"Field","name":{"kind":"Name","value":"authenticationType"}},{"kind":"Field","name":{"kind":"Name","value":"connectionState"}},{"kind":"Field","name":{"kind":"Name","value":"lastActivityAt"}},{"kind":"Field","name":{"kind":"Name","value":"tags"}},{"kind":"Field","name":{"kind":"Name","value":"desired"}},{"kind":"Field","name":{"kind":"Name","value":"reported"}},{"kind":"Field","name":{"kind":"Name","value":"etag"}},{"kind":"Field","name":{"kind":"Name","value":"identityEtag"}},{"kind":"Field","name":{"kind":"Name","value":"version"}},{"kind":"Field","name":{"kind":"Name","value":"observedAt"}},{"kind":"Field","name":{"kind":"Name","value":"source"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Keys"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"AccessKeys"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"primary"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"key"}},{"kind":"Field","name":{"kind":"Name","value":"connectionString"}}]}},{"kind":"Field","name":{"kind":"Name","value":"secondary"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"key"}},{"kind":"Field","name":{"kind":"Name","value":"connectionString"}}]}}]}}]} as unknown as DocumentNode<CreateModuleMutation, CreateModuleMutationVariables>;
export const DeleteModuleDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"DeleteModule"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"DeleteModuleInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"deleteModule"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hub"}},{"kind":"Field","name":{"kind":"Name","value":"deviceId"}},{"kind":"Field","name":{"kind":"Name","value":"moduleId"}}]}}]}}]} as unknown as DocumentNode<DeleteModuleMutation, DeleteModuleMutationVariables>;
export const CreateDevicesDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"CreateDevices"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"CreateDevicesInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"createDevices"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"BulkState"}},{"kind":"Field","name":{"kind":"Name","value":"results"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"accessKeys"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"Keys"}}]}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"BulkState"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"BulkPayload"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"succeeded"}},{"kind":"Field","name":{"kind":"Name","value":"failed"}},{"kind":"Field","name":{"kind":"Name","value":"results"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hub"}},{"kind":"Field","name":{"kind":"Name","value":"deviceId"}},{"kind":"Field","name":{"kind":"Name","value":"device"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"statusReason"}},{"kind":"Field","name":{"kind":"Name","value":"tags"}},{"kind":"Field","name":{"kind":"Name","value":"desired"}}]}},{"kind":"Field","name":{"kind":"Name","value":"failure"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"retryable"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Keys"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"AccessKeys"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"primary"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"key"}},{"kind":"Field","name":{"kind":"Name","value":"connectionString"}}]}},{"kind":"Field","name":{"kind":"Name","value":"secondary"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"key"}},{"kind":"Field","name":{"kind":"Name","value":"connectionString"}}]}}]}}]} as unknown as DocumentNode<CreateDevicesMutation, CreateDevicesMutationVariables>;
export const DeleteDevicesDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"DeleteDevices"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"DeleteDevicesInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"deleteDevices"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"BulkState"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"BulkState"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"BulkPayload"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"succeeded"}},{"kind":"Field","name":{"kind":"Name","value":"failed"}},{"kind":"Field","name":{"kind":"Name","value":"results"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hub"}},{"kind":"Field","name":{"kind":"Name","value":"deviceId"}},{"kind":"Field","name":{"kind":"Name","value":"device"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"statusReason"}},{"kind":"Field","name":{"kind":"Name","value":"tags"}},{"kind":"Field","name":{"kind":"Name","value":"desired"}}]}},{"kind":"Field","name":{"kind":"Name","value":"failure"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"retryable"}}]}}]}}]}}]} as unknown as DocumentNode<DeleteDevicesMutation, DeleteDevicesMutationVariables>;
export const EnableDevicesDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"EnableDevices"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"EnableDevicesInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"enableDevices"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"BulkState"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"BulkState"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"BulkPayload"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"succeeded"}},{"kind":"Field","name":{"kind":"Name","value":"failed"}},{"kind":"Field","name":{"kind":"Name","value":"results"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hub"}},{"kind":"Field","name":{"kind":"Name","value":"deviceId"}},{"kind":"Field","name":{"kind":"Name","value":"device"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"statusReason"}},{"kind":"Field","name":{"kind":"Name","value":"tags"}},{"kind":"Field","name":{"kind":"Name","value":"desired"}}]}},{"kind":"Field","name":{"kind":"Name","value":"failure"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"retryable"}}]}}]}}]}}]} as unknown as DocumentNode<EnableDevicesMutation, EnableDevicesMutationVariables>;
export const DisableDevicesDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"DisableDevices"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"DisableDevicesInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"disableDevices"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"BulkState"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"BulkState"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"BulkPayload"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"succeeded"}},{"kind":"Field","name":{"kind":"Name","value":"failed"}},{"kind":"Field","name":{"kind":"Name","value":"results"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hub"}},{"kind":"Field","name":{"kind":"Name","value":"deviceId"}},{"kind":"Field","name":{"kind":"Name","value":"device"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"statusReason"}},{"kind":"Field","name":{"kind":"Name","value":"tags"}},{"kind":"Field","name":{"kind":"Name","value":"desired"}}]}},{"kind":"Field","name":{"kind":"Name","value":"failure"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"retryable"}}]}}]}}]}}]} as unknown as DocumentNode<DisableDevicesMutation, DisableDevicesMutationVariables>;
export const HubsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Hubs"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hubs"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"authentication"}},{"kind":"Field","name":{"kind":"Name","value":"tier"}},{"kind":"Field","name":{"kind":"Name","value":"units"}},{"kind":"Field","name":{"kind":"Name","value":"reachable"}},{"kind":"Field","name":{"kind":"Name","value":"failure"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"Missing"}}]}},{"kind":"Field","name":{"kind":"Name","value":"checkedAt"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Missing"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"HubFailure"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hub"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]} as unknown as DocumentNode<HubsQuery, HubsQueryVariables>;
export const DevicesOfHubsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"DevicesOfHubs"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"where"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"DeviceFilter"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}},"defaultValue":{"kind":"IntValue","value":"50"}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"orderBy"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"DeviceOrder"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"devices"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"where"},"value":{"kind":"Variable","name":{"kind":"Name","value":"where"}}},{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}},{"kind":"Argument","name":{"kind":"Name","value":"orderBy"},"value":{"kind":"Variable","name":{"kind":"Name","value":"orderBy"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"hub"}},{"kind":"Field","name":{"kind":"Name","value":"deviceId"}}]}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}}]}},{"kind":"Field","name":{"kind":"Name","value":"unavailable"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"Missing"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Missing"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"HubFailure"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hub"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]} as unknown as DocumentNode<DevicesOfHubsQuery, DevicesOfHubsQueryVariables>;
export const CountsOfHubsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"CountsOfHubs"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"where"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"DeviceFilter"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"groupBy"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"DeviceGrouping"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"deviceCounts"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"where"},"value":{"kind":"Variable","name":{"kind":"Name","value":"where"}}},{"kind":"Argument","name":{"kind":"Name","value":"groupBy"},"value":{"kind":"Variable","name":{"kind":"Name","value":"groupBy"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"total"}},{"kind":"Field","name":{"kind":"Name","value":"groups"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"value"}},{"kind":"Field","name":{"kind":"Name","value":"count"}}]}},{"kind":"Field","name":{"kind":"Name","value":"unavailable"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"Missing"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Missing"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"HubFailure"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hub"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]} as unknown as DocumentNode<CountsOfHubsQuery, CountsOfHubsQueryVariables>;
export const PathsOfHubsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"PathsOfHubs"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"where"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"DeviceFilter"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"propertyPaths"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"where"},"value":{"kind":"Variable","name":{"kind":"Name","value":"where"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"sampled"}},{"kind":"Field","name":{"kind":"Name","value":"paths"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"path"}},{"kind":"Field","name":{"kind":"Name","value":"types"}},{"kind":"Field","name":{"kind":"Name","value":"devices"}}]}},{"kind":"Field","name":{"kind":"Name","value":"unavailable"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"Missing"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Missing"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"HubFailure"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hub"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]} as unknown as DocumentNode<PathsOfHubsQuery, PathsOfHubsQueryVariables>;
export const QueryOfHubsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"QueryOfHubs"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"sql"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"hub"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}},"defaultValue":{"kind":"IntValue","value":"50"}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"query"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"sql"},"value":{"kind":"Variable","name":{"kind":"Name","value":"sql"}}},{"kind":"Argument","name":{"kind":"Name","value":"hub"},"value":{"kind":"Variable","name":{"kind":"Name","value":"hub"}}},{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hub"}},{"kind":"Field","name":{"kind":"Name","value":"rows"}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}}]}},{"kind":"Field","name":{"kind":"Name","value":"unavailable"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"Missing"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Missing"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"HubFailure"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hub"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]} as unknown as DocumentNode<QueryOfHubsQuery, QueryOfHubsQueryVariables>;
export const ViewerDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Viewer"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"viewer"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"roles"}},{"kind":"Field","name":{"kind":"Name","value":"permissions"}},{"kind":"Field","name":{"kind":"Name","value":"expiresAt"}}]}}]}}]} as unknown as DocumentNode<ViewerQuery, ViewerQueryVariables>;
export const CanDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Can"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"permission"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"deviceIds"}},"type":{"kind":"NonNullType","type":{"kind":"ListType","type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"can"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"permission"},"value":{"kind":"Variable","name":{"kind":"Name","value":"permission"}}},{"kind":"Argument","name":{"kind":"Name","value":"deviceIds"},"value":{"kind":"Variable","name":{"kind":"Name","value":"deviceIds"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"deviceId"}},{"kind":"Field","name":{"kind":"Name","value":"permitted"}}]}}]}}]} as unknown as DocumentNode<CanQuery, CanQueryVariables>;
export const AuditDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Audit"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"where"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"AuditFilter"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}},"defaultValue":{"kind":"IntValue","value":"50"}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"audit"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"where"},"value":{"kind":"Variable","name":{"kind":"Name","value":"where"}}},{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"AuditEntryState"}}]}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"AuditEntryState"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"AuditEntry"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"sequence"}},{"kind":"Field","name":{"kind":"Name","value":"at"}},{"kind":"Field","name":{"kind":"Name","value":"actor"}},{"kind":"Field","name":{"kind":"Name","value":"action"}},{"kind":"Field","name":{"kind":"Name","value":"permission"}},{"kind":"Field","name":{"kind":"Name","value":"outcome"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"concludes"}},{"kind":"Field","name":{"kind":"Name","value":"targets"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hub"}},{"kind":"Field","name":{"kind":"Name","value":"deviceId"}},{"kind":"Field","name":{"kind":"Name","value":"moduleId"}},{"kind":"Field","name":{"kind":"Name","value":"code"}}]}},{"kind":"Field","name":{"kind":"Name","value":"operationId"}},{"kind":"Field","name":{"kind":"Name","value":"input"}},{"kind":"Field","name":{"kind":"Name","value":"reason"}},{"kind":"Field","name":{"kind":"Name","value":"requestId"}},{"kind":"Field","name":{"kind":"Name","value":"address"}},{"kind":"Field","name":{"kind":"Name","value":"count"}},{"kind":"Field","name":{"kind":"Name","value":"hash"}},{"kind":"Field","name":{"kind":"Name","value":"previous"}}]}}]} as unknown as DocumentNode<AuditQuery, AuditQueryVariables>;
export const DeviceMaintenanceDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"DeviceMaintenance"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"device"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"maintenance"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"verdict"}},{"kind":"Field","name":{"kind":"Name","value":"reason"}},{"kind":"Field","name":{"kind":"Name","value":"policy"}},{"kind":"Field","name":{"kind":"Name","value":"timeZone"}},{"kind":"Field","name":{"kind":"Name","value":"opensAt"}},{"kind":"Field","name":{"kind":"Name","value":"closesAt"}}]}}]}}]}}]} as unknown as DocumentNode<DeviceMaintenanceQuery, DeviceMaintenanceQueryVariables>;