import { createHash } from 'node:crypto';
import { V7Generator } from 'uuidv7';
import { authorize, type Caller, type Permission } from './access.js';
import { composeCall } from './actions/command.js';
import { OperationDriver } from './actions/driver.js';
import { OperationFeed } from './actions/feed.js';
import { baselineOf, fold } from './actions/fold.js';
import {
  isTerminal,
  isUnsettled,
  type Operation,
  type OperationEvent,
  type OperationStatus,
} from './actions/operation.js';
import type { ActionProfile, Command, MessageCommand } from './actions/profile.js';
import type { Profiles } from './actions/profiles.js';
import { relayMoves } from './actions/relay.js';
import { type Cancel, type Clock, systemClock } from './clock.js';
import type { CheckOptions, DeviceAccess } from './device-access.js';
import type { DeviceRef } from './device-id.js';
import { badInput, RequestError } from './errors.js';
import { HubError, type MethodAnswer } from './hub/hub.js';
import type { DeviceMessage } from './hub/message.js';
import type { TwinReading } from './hub/twin.js';
import type { Hubs } from './hubs.js';
import { canonicalJson, type JsonValue } from './json.js';
import { emptyPage, type OperationPage, pageFor } from './operation-page.js';
import { type Replicas, replicasAlone } from './replicas/replicas.js';
import type { Journal, OperationSelection, UsedKey } from './store/journal.js';
import { completeStream, stateStream } from './stream.js';

/** One run of an action on a device, as a caller asks for it. */
export interface OperationRequest {
  readonly action: string;
  readonly device: DeviceRef;
  readonly profile?: string | undefined;
  /** In place of a configured profile, for what none describes. */
  readonly ownProfile?: ActionProfile<Command | MessageCommand> | undefined;
  /** What to send, where it is a message. */
  readonly message?: DeviceMessage | undefined;
  readonly moduleId?: string | undefined;
  readonly payload?: JsonValue | undefined;
  readonly responseTimeoutSeconds?: number | undefined;
  readonly connectTimeoutSeconds?: number | undefined;
  /** The device's id, typed again. */
  readonly confirmation?: string | undefined;
  readonly idempotencyKey?: string | undefined;
}

export interface Started {
  readonly operation: Operation;
  /** False where the operation was there before: the device is busy, or the key was used. */
  readonly started: boolean;
}

export interface OperationFilter {
  readonly device?: DeviceRef | undefined;
  readonly action?: string | undefined;
  readonly statuses?: readonly OperationStatus[] | undefined;
}

export interface OperationServiceOptions {
  readonly hubs: Hubs;
  readonly access: DeviceAccess;
  readonly journal: Journal;
  /** The gateways that share the journal. */
  readonly replicas?: Replicas;
  readonly profiles: Profiles;
  readonly clock?: Clock;
  /** Ids must grow with time: lists are ordered by them. */
  readonly newId?: () => string;
  readonly activeInterval: number;
  /** The pace at which is looked whether a caller may still see what it is shown (ms). */
  readonly idleInterval: number;
  /** Aborted, with the reason, when the gateway stops: streams end with it, nothing more is started. */
  readonly stopping: AbortSignal;
  readonly onError: (error: Error, operation?: Operation) => void;
}

/** Evidence that comes later than this (ms) is no longer taken for that of an operation that timed out. */
const UNSETTLED_FOR = 24 * 3_600_000;

/** The hub takes no larger payload (bytes). */
const LARGEST_PAYLOAD = 128 * 1024;

/** Starts operations, and shows them. */
export class OperationService {
  readonly #options: Required<OperationServiceOptions>;
  readonly #feed = new OperationFeed();
  readonly #driver: OperationDriver;
  /** Operations that are being recorded: if that fails, the journal may have them all the same. */
  readonly #creating = new Set<string>();

  constructor(options: OperationServiceOptions) {
    const { clock = systemClock } = options;
    this.#options = { newId: idsBy(clock), replicas: replicasAlone, ...options, clock };
    const { replicas, onError } = this.#options;
    this.#driver = new OperationDriver({ ...this.#options, feed: this.#feed });
    relayMoves({ ...this.#options, feed: this.#feed });
    replicas.onOrphans(() => void this.recover().catch(onError));
    replicas.onLost(() => this.#driver.release());
  }

  /**
   * Goes on with what a gateway that is no more left open, and with what is in the journal although
   * it failed to say so. Call once before anything is started.
   */
  async recover(): Promise<void> {
    const { journal, hubs } = this.#options;
    const isKnown = (id: string) => this.#creating.has(id) || this.#driver.drives(id);
    for (const { name } of hubs.all) {
      const orphans = await journal.adopt(name, isKnown);
      const left = orphans.filter(({ id }) => !isKnown(id));
      await Promise.all(left.map((operation) => this.#driver.resume(operation)));
    }
  }

  /** Starts nothing more and lets calls under way end, for at most `limit` (ms). */
  drain(limit: number): Promise<void> {
    return this.#driver.drain(limit);
  }

  /** How many operations this gateway carries on. */
  get driven(): number {
    return this.#driver.driven;
  }

  close(): void {
    this.#driver.close();
  }

  /**
   * Records an operation and sets it going; returns as soon as it is durable.
   * What the world does to it is told by the operation. Throws RequestError for what the caller
   * did wrong.
   */
  async start(caller: Caller, permission: Permission, request: OperationRequest): Promise<Started> {
    const { journal, access, profiles, stopping } = this.#options;
    const { action, device } = request;
    const needed = [permission, 'operation:read'] as const;
    for (const one of needed) authorize(caller, one);
    checkRequest(request);
    if (profiles.needsConfirmation(action)) checkConfirmation(request);
    const named =
      request.profile === undefined ? request.ownProfile : profiles.named(action, request.profile);
    const checked = await access.check(caller, needed, device);
    const used = await this.#findUsedKey(caller, request);
    if (used) return { operation: used, started: false };
    stopping.throwIfAborted();
    const { hub } = this.#options.hubs.of(device);

    // What needs neither a profile nor a baseline asks nothing of the twin.
    const reading =
      named && !named.evidence && named.command.kind !== 'DESIRED'
        ? undefined
        : (checked ?? (await hub.readTwin(device.deviceId).catch(hubErrorOnly)));
    const twin = reading instanceof HubError ? undefined : reading?.twin;
    const profile = named ?? profiles.forDevice(action, twin);
    const busy = profile.disturbing && (await journal.findDisturbing(device.hub, device.deviceId));
    if (busy) return this.#handOut(caller, request, busy);
    const requested = this.#requested(caller, request, profile);
    const operation =
      reading instanceof HubError
        ? fold(requested, { kind: 'ANSWER', answer: notReached(reading) }, requested.requestedAt)
        : await this.#withBaseline(requested, reading);

    this.#creating.add(operation.id);
    try {
      const creation = await journal.create(operation);
      switch (creation.kind) {
        case 'CREATED':
          this.#feed.publish(operation);
          if (!isTerminal(operation.status)) this.#driver.start(operation);
          return { operation, started: true };
        case 'KEY_USED':
          return { operation: await this.#sameRequest(creation.by, request), started: false };
        case 'DEVICE_BUSY':
          return await this.#handOut(caller, request, creation.by);
      }
    } finally {
      this.#creating.delete(operation.id);
    }
  }

  /**
   * Calls an operation off, if it is certain that nothing was sent; gives it as it then stands.
   * Throws RequestError where there is none, or the caller may not.
   */
  async cancel(caller: Caller, id: string, reason: string): Promise<Operation> {
    const { journal, clock } = this.#options;
    for (;;) {
      const operation = await this.existing(caller, id, ['operation:cancel'], {});
      const canceled = fold(operation, { kind: 'CANCEL', by: caller.id, reason }, clock.now());
      if (canceled === operation) return operation;
      if (await journal.save(canceled, operation.sequence)) {
        this.#feed.publish(canceled);
        return canceled;
      }
      // It moved meanwhile: look again.
    }
  }

  async get(caller: Caller, id: string): Promise<Operation | null> {
    try {
      return await this.existing(caller, id);
    } catch (error) {
      if (error instanceof RequestError && error.code === 'OPERATION_NOT_FOUND') return null;
      throw error;
    }
  }

  /** Newest first. */
  async list(
    caller: Caller,
    { device, action, statuses }: OperationFilter,
    first: number,
    after: string | undefined,
  ): Promise<OperationPage> {
    authorize(caller, 'operation:read');
    if (after !== undefined && !isOperationId(after)) {
      throw badInput('after', 'expected a cursor from pageInfo.endCursor');
    }
    const selection: OperationSelection = {
      ...(device && { hub: device.hub, deviceId: device.deviceId }),
      ...(action !== undefined && { action }),
      ...(statuses && { statuses }),
    };
    const { access } = this.#options;
    // Before the journal is asked: what it takes tells nothing of whether the device is there.
    const [may] = device ? await access.can(caller, 'operation:read', [device]) : [true];
    if (!may) return emptyPage;
    return pageFor(caller, this.#options, selection, {
      first,
      ...(after !== undefined && { after }),
    });
  }

  /** The operation that is keeping a device busy. */
  async underWay(caller: Caller, device: DeviceRef): Promise<Operation | null> {
    const { access, journal } = this.#options;
    await access.check(caller, ['operation:read'], device, { consistency: 'FAST' });
    return (await journal.findDisturbing(device.hub, device.deviceId)) ?? null;
  }

  /** The operation now, then each of its states; steps may coalesce. Ends with the operation. */
  changes(caller: Caller, id: string): AsyncIterableIterator<Operation> {
    return stateStream<Operation>((outlet) => {
      let sequence = 0;
      const show = (operation: Operation) => {
        if (operation.sequence <= sequence) return;
        sequence = operation.sequence;
        outlet.emit(operation);
        if (isTerminal(operation.status)) outlet.end();
      };
      // Moves that come before it is known that the caller may see them wait, the newest of them.
      let permitted = false;
      let waiting: Operation | undefined;
      const detach = this.#feed.onOperation(id, (operation) => {
        if (permitted) show(operation);
        else waiting = operation;
      });
      let isOpen = true;
      let unfollow: Cancel = () => {};
      this.existing(caller, id).then(
        (operation) => {
          if (!isOpen) return;
          permitted = true;
          show(operation);
          if (waiting) show(waiting);
          unfollow = this.#follow(caller, operation, () => outlet.end(noOperation(id)));
        },
        (error: Error) => outlet.end(error),
      );
      return () => {
        isOpen = false;
        detach();
        unfollow();
      };
    }, this.#options.stopping);
  }

  /** Every event after a sequence number, none left out. Ends with the operation. */
  events(caller: Caller, id: string, after: number): AsyncIterableIterator<OperationEvent> {
    let isPermitted = false;
    let isOpen = true;
    let onLeft = () => {};
    let unfollow: Cancel = () => {};
    const admit = async () => {
      const operation = await this.existing(caller, id);
      unfollow();
      if (isOpen) unfollow = this.#follow(caller, operation, onLeft);
      isPermitted = true;
      return operation;
    };
    return completeStream<OperationEvent>(
      {
        attach: (wake) => {
          onLeft = () => {
            isPermitted = false;
            wake();
          };
          const detach = this.#feed.onOperation(id, wake);
          return () => {
            isOpen = false;
            detach();
            unfollow();
          };
        },
        next: async (last) => {
          const found = isPermitted ? await this.#found(id) : undefined;
          // It may have left while the journal was asked.
          const operation = found && isPermitted ? found : await admit();
          const seen = last?.sequence ?? after;
          return {
            items: operation.history.filter((event) => event.sequence > seen),
            done: isTerminal(operation.status),
          };
        },
      },
      this.#options.stopping,
    );
  }

  /** Told of every move of a device's operations. */
  onDevice(device: DeviceRef, listener: (operation: Operation) => void): Cancel {
    return this.#feed.onDevice(device, listener);
  }

  /** The newest operation of an action on a device. */
  latest({ hub, deviceId }: DeviceRef, action: string): Promise<Operation | undefined> {
    return this.#options.journal.findLatest(hub, deviceId, action);
  }

  /** The newest operation on a device that timed out without evidence, which could yet come. */
  unsettled({ hub, deviceId }: DeviceRef): Promise<Operation | undefined> {
    const { journal, clock } = this.#options;
    return journal.findUnsettled(hub, deviceId, clock.now() - UNSETTLED_FOR);
  }

  /** Gives an operation that timed out the evidence that came late. */
  settleLate(operation: Operation, reading: TwinReading): Promise<Operation> {
    return this.#driver.settleLate(operation, reading);
  }

  /**
   * Throws RequestError where there is none, or it is of a device that the caller may not see the
   * operations of, nor do this to: OPERATION_NOT_FOUND, either way.
   */
  async existing(
    caller: Caller,
    id: string,
    permissions: readonly Permission[] = [],
    options: CheckOptions = { consistency: 'FAST' },
  ): Promise<Operation> {
    const needed: readonly Permission[] = ['operation:read', ...permissions];
    for (const permission of needed) authorize(caller, permission);
    const operation = await this.#found(id);
    try {
      await this.#options.access.check(caller, needed, operation, options);
    } catch (error) {
      const hidden = error instanceof RequestError && error.code === 'DEVICE_NOT_FOUND';
      throw hidden ? noOperation(id) : error;
    }
    return operation;
  }

  async #found(id: string): Promise<Operation> {
    const operation = await this.#options.journal.find(id);
    if (operation) return operation;
    throw noOperation(id);
  }

  /** Tells when an operation that goes on is of a device that the caller may see no more. */
  #follow(caller: Caller, operation: Operation, onLeft: () => void): Cancel {
    if (isTerminal(operation.status)) return () => {};
    const { access, idleInterval } = this.#options;
    const pace = { interval: idleInterval, onLeft };
    return access.follow(caller, ['operation:read'], operation, pace);
  }

  async #findUsedKey(caller: Caller, request: OperationRequest): Promise<Operation | undefined> {
    const { idempotencyKey } = request;
    if (idempotencyKey === undefined) return undefined;
    const used = await this.#options.journal.findKey(caller.id, idempotencyKey);
    return used && this.#sameRequest(used, request);
  }

  /** The operation that a key stands for, if it was used for the same. */
  async #sameRequest(used: UsedKey, request: OperationRequest): Promise<Operation> {
    const operation =
      used.inputHash === hashOf(request)
        ? await this.#options.journal.find(used.operationId)
        : undefined;
    if (operation) return operation;
    throw new RequestError(
      'IDEMPOTENCY_KEY_REUSED',
      'idempotencyKey: it was used before with other input',
      'idempotencyKey',
    );
  }

  /** Answers with an operation that was there before; the caller's key stands for it from now on. */
  async #handOut(caller: Caller, request: OperationRequest, busy: Operation): Promise<Started> {
    const { idempotencyKey } = request;
    if (idempotencyKey === undefined) return { operation: busy, started: false };
    await this.#options.journal.remember({
      requestedBy: caller.id,
      idempotencyKey,
      inputHash: hashOf(request),
      operationId: busy.id,
    });
    const operation = (await this.#findUsedKey(caller, request)) ?? busy;
    return { operation, started: false };
  }

  #requested(
    caller: Caller,
    request: OperationRequest,
    profile: ActionProfile<Command | MessageCommand>,
  ): Operation {
    const { clock, newId } = this.#options;
    const now = clock.now();
    const id = newId();
    const message = `requested by ${caller.id}`;
    return {
      id,
      hub: request.device.hub,
      deviceId: request.device.deviceId,
      action: request.action,
      profile: profile.name,
      disturbing: profile.disturbing,
      status: 'REQUESTED',
      proof: null,
      attribution: 'PRESUMED',
      failure: null,
      sequence: 1,
      requestedAt: now,
      requestedBy: caller.id,
      acceptedAt: null,
      finishedAt: null,
      deadlineAt: null,
      updatedAt: now,
      idempotencyKey: request.idempotencyKey ?? null,
      inputHash: hashOf(request),
      ...composeCall(profile, request, id),
      deadlineSeconds: profile.deadlineSeconds,
      baseline: null,
      sentAt: null,
      answer: null,
      report: null,
      progress: null,
      seen: 'CONNECTED',
      history: [
        { sequence: 1, at: now, type: 'REQUESTED', status: 'REQUESTED', message, data: null },
      ],
    };
  }

  /** Evidence that comes now may still be an earlier operation's, if that one never got its own. */
  async #withBaseline(operation: Operation, reading: TwinReading | undefined): Promise<Operation> {
    if (!reading) return operation;
    const previous = await this.unsettled(operation);
    const settled = previous && (await this.settleLate(previous, reading));
    return {
      ...operation,
      attribution: operation.expected && settled && isUnsettled(settled) ? 'AMBIGUOUS' : 'PRESUMED',
      baseline: baselineOf(operation.expected?.path, reading),
    };
  }
}

/** Ids that grow with the time of all gateways, whatever the time of this machine may be. */
function idsBy(clock: Clock): () => string {
  const generator = new V7Generator();
  return () => generator.generateOrResetWithTs(clock.now()).toString();
}

function noOperation(id: string): RequestError {
  return new RequestError('OPERATION_NOT_FOUND', `id: there is no operation '${id}'`, 'id');
}

/** A UUID, as operations are named. */
function isOperationId(text: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);
}

function hubErrorOnly(error: unknown): HubError {
  if (error instanceof HubError) return error;
  throw error;
}

/** Without a baseline nothing is sent. */
function notReached(error: HubError): MethodAnswer {
  const { code, message } = error;
  switch (code) {
    case 'DEVICE_NOT_FOUND':
    case 'INVALID':
    case 'THROTTLED':
      return { kind: 'UNDELIVERED', code, message };
    case 'UNAUTHORIZED':
    case 'QUOTA_EXCEEDED':
      return { kind: 'UNDELIVERED', code: `HUB_${code}`, message };
    default:
      return { kind: 'UNDELIVERED', code: 'HUB_UNAVAILABLE', message };
  }
}

function checkRequest(request: OperationRequest): void {
  const { payload, responseTimeoutSeconds, connectTimeoutSeconds, idempotencyKey } = request;
  if (payload !== undefined) {
    const bytes = Buffer.byteLength(JSON.stringify(payload));
    if (bytes > LARGEST_PAYLOAD) {
      throw badInput('payload', `${bytes} bytes; expected at most ${LARGEST_PAYLOAD}`);
    }
  }
  checkSeconds('responseTimeoutSeconds', responseTimeoutSeconds, 5);
  checkSeconds('connectTimeoutSeconds', connectTimeoutSeconds, 0);
  if (idempotencyKey !== undefined && !/^[^\0]{1,128}$/u.test(idempotencyKey)) {
    throw badInput('idempotencyKey', 'expected 1 to 128 characters, none of them NUL');
  }
}

function checkSeconds(argument: string, value: number | undefined, least: number): void {
  if (value === undefined || (value >= least && value <= 300)) return;
  throw badInput(argument, `${value}; expected ${least} to 300 seconds`);
}

function checkConfirmation({ confirmation, device }: OperationRequest): void {
  if (confirmation === device.deviceId) return;
  throw badInput('confirmation', "this cannot be undone; expected the device's id, typed again");
}

function hashOf({ idempotencyKey: _, ...input }: OperationRequest): string {
  const { action, device, profile, payload, responseTimeoutSeconds } = input;
  const { ownProfile, moduleId, connectTimeoutSeconds, message } = input;
  const further = {
    ...(ownProfile && { command: JSON.stringify(ownProfile.command) }),
    ...(moduleId !== undefined && { moduleId }),
    ...(connectTimeoutSeconds !== undefined && { connectTimeoutSeconds }),
    ...(message && { message: message as unknown as JsonValue }),
  };
  const content = canonicalJson([
    action,
    device.hub,
    device.deviceId,
    profile ?? null,
    ...(payload === undefined ? [] : [{ payload }]),
    responseTimeoutSeconds ?? null,
    ...(Object.keys(further).length === 0 ? [] : [further]),
  ]);
  return createHash('sha256').update(content).digest('base64url');
}
