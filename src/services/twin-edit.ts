import { authorize, type Caller, type Permission } from './access.js';
import type { Device, DeviceService } from './device.js';
import type { DeviceAccess } from './device-access.js';
import type { DeviceRef } from './device-id.js';
import { parseModuleId } from './device-id.js';
import { badInput, RequestError } from './errors.js';
import { asRequest, changeGuarded, parseEtag } from './etag.js';
import type { IdentityName, TwinPatch } from './hub/registry.js';
import type { Twin, TwinReading } from './hub/twin.js';
import type { Hubs, ServedHub } from './hubs.js';
import { isJsonObject, type JsonObject, type JsonValue } from './json.js';
import { type Module, type ModuleService, moduleFailure } from './module.js';
import { checkSize, checkWrite, type WrittenSection } from './twin-limits.js';
import { changesBetween, mergePatch, patchBetween, withoutNulls } from './twin-merge.js';

/** PATCH merges, and removes by null; REPLACE leaves in a section that is given only what is given. */
export type TwinEditMode = 'PATCH' | 'REPLACE';

export interface TwinEdit {
  readonly deviceId: string;
  /** Left out: the twin of the device itself. */
  readonly moduleId?: string | undefined;
  readonly tags?: JsonValue | undefined;
  readonly desired?: JsonValue | undefined;
  readonly mode: TwinEditMode;
  /** The ETag that the twin must have. Left out: whatever is there is changed. */
  readonly ifMatch?: string | undefined;
}

/** A value that a write changed. Null: it was not there, or is there no more. */
export interface TwinChange {
  readonly section: 'TAGS' | 'DESIRED';
  readonly path: string;
  readonly before: JsonValue;
  readonly after: JsonValue;
}

export interface EditedTwin {
  readonly device: Device;
  readonly module: Module | null;
  readonly changes: readonly TwinChange[];
}

export interface TwinEditServiceOptions {
  readonly hubs: Hubs;
  readonly access: DeviceAccess;
  readonly devices: DeviceService;
  readonly modules: ModuleService;
}

/** The sections as they are before and after a write. */
interface Plan {
  readonly patch: TwinPatch;
  readonly changes: readonly TwinChange[];
  /** The twin as it is then. */
  readonly planned: Twin;
}

/** Of the device: who changes it is shown it, too. */
const needed: readonly Permission[] = ['twin:update', 'device:read'];

type Sections = Readonly<Partial<Record<WrittenSection, JsonObject>>>;

/** Writes tags and desired properties of devices and modules. */
export class TwinEditService {
  readonly #options: TwinEditServiceOptions;

  constructor(options: TwinEditServiceOptions) {
    this.#options = options;
  }

  /**
   * Changes a twin under the ETag that it was read with, so that what is said to have changed is
   * what did. A write that changes nothing is not sent: the device would be told of it. One that
   * would take the device out of what the caller may change is refused: nobody could take it back.
   */
  async update(caller: Caller, edit: TwinEdit): Promise<EditedTwin> {
    const { devices, access, hubs } = this.#options;
    const device = devices.parseId(edit.deviceId, 'deviceId');
    const moduleId =
      edit.moduleId === undefined ? undefined : parseModuleId(edit.moduleId, 'moduleId');
    for (const permission of needed) authorize(caller, permission);
    const ifMatch = edit.ifMatch === undefined ? undefined : parseEtag(edit.ifMatch, 'ifMatch');
    const sections = parseSections(edit);
    const name = { deviceId: device.deviceId, moduleId };
    const isOfDevice = moduleId === undefined;
    if (!isOfDevice) await access.check(caller, needed, device);
    const served = hubs.of(device);
    const change = changeGuarded(
      {
        read: async () => {
          const reading = await readTwin(served, name);
          if (isOfDevice) access.require(caller, needed, device.hub, reading.twin);
          return reading;
        },
        etagOf: ({ twin }) => twin.etag,
        change: async (reading) => {
          const { patch, changes, planned } = planOf(reading.twin, sections, edit.mode);
          if (changes.length === 0) return { reading, changes };
          if (isOfDevice && !access.permits(caller, needed, device.hub, planned)) throw leaving();
          return {
            reading: await served.registry.patchTwin(name, patch, reading.twin.etag),
            changes,
          };
        },
      },
      ifMatch,
    );
    const edited = await asRequest(change.catch(explain(device, moduleId)));
    return this.#shown(caller, device, moduleId, edited);
  }

  #shown(
    caller: Caller,
    device: DeviceRef,
    moduleId: string | undefined,
    { reading, changes }: { reading: TwinReading; changes: readonly TwinChange[] },
  ): EditedTwin {
    const { devices, modules } = this.#options;
    if (moduleId === undefined)
      return { device: devices.of(device.hub, reading), module: null, changes };
    const module = modules.of({ ...device, moduleId }, reading);
    return { device: devices.current(caller, device), module, changes };
  }
}

function readTwin(
  { hub, registry }: ServedHub,
  { deviceId, moduleId }: IdentityName,
): Promise<TwinReading> {
  return moduleId === undefined
    ? hub.readTwin(deviceId)
    : registry.readModuleTwin({ deviceId, moduleId });
}

function explain(device: DeviceRef, moduleId: string | undefined): (error: Error) => never {
  return (error) => {
    throw moduleId === undefined ? error : moduleFailure({ ...device, moduleId }, error);
  };
}

/** What is given, checked against all that can be known before the twin is. */
function parseSections({ tags, desired, mode }: TwinEdit): Sections {
  const sections = { ...parseSection('tags', tags), ...parseSection('desired', desired) };
  if (Object.keys(sections).length === 0) {
    throw badInput('tags', 'expected tags, desired properties, or both');
  }
  if (mode === 'PATCH') return sections;
  return Object.fromEntries(
    Object.entries(sections).map(([section, values]) => [section, withoutNulls(values)]),
  );
}

function parseSection(section: WrittenSection, value: JsonValue | undefined): Sections {
  if (value === undefined) return {};
  if (!isJsonObject(value)) throw badInput(section, 'expected an object, of properties by name');
  checkWrite(section, value);
  return { [section]: value };
}

function planOf(twin: Twin, sections: Sections, mode: TwinEditMode): Plan {
  const known = { tags: twin.tags, desired: twin.desired.values };
  let plan: Plan = { patch: {}, changes: [], planned: twin };
  for (const section of ['tags', 'desired'] as const) {
    const given = sections[section];
    if (given === undefined) continue;
    const before = known[section];
    const after = mode === 'PATCH' ? mergePatch(before, given) : given;
    checkSize(section, after);
    const changes = changesOf(section, before, after);
    if (changes.length === 0) continue;
    const patch = mode === 'PATCH' ? given : patchBetween(before, after);
    plan = {
      patch: { ...plan.patch, [section]: patch },
      changes: [...plan.changes, ...changes],
      planned: withSection(plan.planned, section, after),
    };
  }
  return plan;
}

function withSection(twin: Twin, section: WrittenSection, values: JsonObject): Twin {
  if (section === 'tags') return { ...twin, tags: values };
  return { ...twin, desired: { ...twin.desired, values } };
}

function leaving(): RequestError {
  return new RequestError(
    'FORBIDDEN',
    'with this the device would leave the scope of what you may change',
  );
}

function changesOf(
  section: WrittenSection,
  before: JsonObject,
  after: JsonObject,
): readonly TwinChange[] {
  return changesBetween(before, after).map((change) => ({
    section: section === 'tags' ? 'TAGS' : 'DESIRED',
    path: change.path.join('.'),
    before: change.before ?? null,
    after: change.after ?? null,
  }));
}
