import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { startTestEmulator, type TestEmulator } from '../emulator/support/emulator.js';
import { createCleanup } from '../support/cleanup.js';
import { startGateway, type TestGateway } from '../support/gateway.js';
import { createLine, type Line } from '../support/line.js';
import {
  OperationDocument,
  OperationsDocument,
  RebootDeviceDocument,
  WatchDeviceDocument,
  WatchOperationDocument,
  WatchOperationEventsDocument,
  WatchRebootDocument,
} from '../support/operations.js';
import { type PostgresServer, postgresBinaries, startPostgresServer } from '../support/postgres.js';
import { type PuppetDevice, startPuppetDevice } from '../support/puppet-device.js';
import { restarts, victims } from './replica-faults.js';
import {
  followEvents,
  isReadByOne,
  lookInto,
  patience,
  type ReplicaProcess,
  sequences,
  startReplica,
  startReplicas,
  summary,
} from './support/gateways.js';

/** A size that fits among the other tests; `npm run faults` has 20 rounds. */
const rounds = Number(process.env['REPLICA_ROUNDS'] ?? 1);
/** Operations that are under way when PostgreSQL is restarted. */
const inFlight = Number(process.env['REPLICA_OPERATIONS'] ?? 50);
const limit = 120_000 + rounds * 60_000;

describe
  .skipIf(postgresBinaries === undefined)
  .concurrent('gateways that share a PostgreSQL', () => {
    let emulator: TestEmulator;
    let server: PostgresServer;

    beforeAll(async () => {
      [emulator, server] = await Promise.all([startTestEmulator(), startPostgresServer()]);
    });

    afterAll(async () => {
      await emulator[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    });

    const calls = (deviceId: string) =>
      emulator.calls.count({ operation: 'method.invoke', deviceId });

    async function reboot(gateway: TestGateway, deviceId: string): Promise<string> {
      const { rebootDevice } = await gateway.data(RebootDeviceDocument, { input: { deviceId } });
      expect(rebootDevice?.started).toBe(true);
      return rebootDevice?.operation.id ?? '';
    }

    const watch = (gateway: TestGateway, id: string) =>
      gateway.subscribe(WatchDeviceDocument, { id, intervalSeconds: 1 });

    /** Reports, and waits until each of the streams has shown it. */
    async function reportTo(
      device: PuppetDevice,
      value: string,
      streams: readonly ReturnType<typeof watch>[],
    ): Promise<void> {
      await device.report(value);
      await Promise.all(
        streams.map((stream) =>
          stream.waitFor((message) => message.device.lastReboot?.reported === value),
        ),
      );
    }

    test(
      'outlive it when some are killed, frozen and cut off at once',
      async () => {
        await using cleanup = createCleanup();
        const url = await server.newDatabase();
        const database = lookInto(url);
        const survivors = await startReplicas(cleanup, 2, emulator, url);
        const gone = new Map(victims.map(({ fault }, index) => [fault, index] as const));
        const replicas = await startReplicas(cleanup, victims.length, emulator, url);
        const times = new Map<string, number[]>();
        const note = (what: string, time: number) =>
          times.set(what, [...(times.get(what) ?? []), time]);

        for (let round = 0; round < rounds; round += 1) {
          await Promise.all(
            victims.map(async ({ fault, happen, goBack }) => {
              await using scene = createCleanup();
              const place = gone.get(fault) ?? 0;
              const victim = replicas[place] as ReplicaProcess;
              const watched = `${fault}-watched-${round}`;
              const driven = `${fault}-driven-${round}`;
              const seen = scene.use(await startPuppetDevice(emulator, watched));
              const called = scene.use(await startPuppetDevice(emulator, driven));

              // The victim comes first and reads it for all.
              const own = scene.use(watch(victim, watched));
              await vi.waitFor(
                async () =>
                  expect(
                    await database.value<number>(
                      'SELECT count(*)::int FROM watches WHERE device_id = $1',
                      [watched],
                    ),
                  ).toBe(1),
                patience,
              );
              const streams = survivors.map((gateway) => scene.use(watch(gateway, watched)));
              await reportTo(seen, 'before', [own, ...streams]);
              const id = await reboot(victim, driven);
              const answer = await called.called();
              const events = survivors.map((gateway) =>
                scene.use(gateway.subscribe(WatchOperationEventsDocument, { id, after: 0 })),
              );
              await Promise.all(
                events.map((stream) =>
                  stream.waitFor(({ operationEvents: { type } }) => type === 'SENDING'),
                ),
              );

              happen(victim);
              const since = Date.now();
              await Promise.all([
                reportTo(seen, 'after', streams).then(() =>
                  note(`${fault}: read`, Date.now() - since),
                ),
                events[0]
                  ?.waitFor(({ operationEvents: { type } }) => type === 'ANSWER_UNKNOWN')
                  .then(() => note(`${fault}: driven`, Date.now() - since)),
              ]);
              await answer(200);
              await called.report('rebooted');
              await Promise.all(events.map((stream) => stream.completed));

              const back = await goBack(victim, () =>
                startReplica(emulator, url).then((started) => cleanup.use(started)),
              );
              replicas[place] = back;
              const returned = back === victim ? own : scene.use(watch(back, watched));
              await reportTo(seen, 'returned', [returned, ...streams]);
              await isReadByOne(emulator, watched);
              await vi.waitFor(
                async () =>
                  expect(
                    await database.value<number>(
                      'SELECT count(*)::int FROM watches WHERE device_id = $1',
                      [watched],
                    ),
                  ).toBe(3),
                patience,
              );
              const { operation } = await back.data(OperationDocument, { id });
              expect(operation).toMatchObject({ status: 'SUCCEEDED' });
              for (const { messages } of events) {
                sequences(messages.map(({ operationEvents }) => operationEvents));
              }
              expect(calls(driven), fault).toBe(1);
            }),
          );
        }
        for (const [what, each] of [...times].sort()) {
          process.stdout.write(`takeover, ${what}: ${summary(each)}\n`);
        }
        await vi.waitFor(
          async () =>
            expect(await database.value<number>('SELECT count(*)::int FROM replicas')).toBe(5),
          patience,
        );
        const all = [...survivors, ...replicas];
        for (const { program } of all) program.kill('SIGTERM');
        await Promise.all(all.map(({ program }) => program.exit()));
        expect(await database.traces()).toBe(0);
      },
      limit,
    );

    test(
      'send nothing that one which was frozen had claimed too long ago',
      async () => {
        await using cleanup = createCleanup();
        const url = await server.newDatabase();
        const database = lookInto(url);
        const deviceId = 'claimed';
        cleanup.use(await startPuppetDevice(emulator, deviceId));
        const victim = cleanup.use(await startReplica(emulator, url));
        const environment = { DATABASE_URL: url };
        const other = cleanup.use(await startGateway(emulator, { environment }));
        const frozen = new Promise<void>((resolve) => {
          let claiming: unknown;
          victim.line.onStatement((text, connection) => {
            if (text.includes('"status":"SENDING"')) claiming = connection;
            if (claiming !== connection || !/commit/i.test(text)) return;
            claiming = undefined;
            // The claim will be recorded, and its gateway does not hear of that yet.
            victim.program.kill('SIGSTOP');
            resolve();
          });
        });

        // It is answered, if at all, after its gateway was frozen.
        const asked = reboot(victim, deviceId);
        await frozen;
        const id = await database.value<string>('SELECT id FROM operations');
        const states = other.subscribe(WatchOperationDocument, { id });
        await vi.waitFor(
          async () =>
            expect(
              await database
                .value<number>(
                  `SELECT extract(epoch FROM clock_timestamp()) * 1000 - (document::json->>'sentAt')::numeric
               FROM operations WHERE id = $1`,
                  [id],
                )
                .then(Number),
            ).toBeGreaterThan(5_500),
          patience,
        );
        victim.program.kill('SIGCONT');

        expect(await asked).toBe(id);
        await states.completed;
        expect(states.messages.at(-1)?.operation).toMatchObject({
          status: 'FAILED',
          failure: { code: 'NOT_SENT', retryable: true },
        });
        expect(calls(deviceId)).toBe(0);
      },
      limit,
    );

    test(
      'lose no event while all of them are replaced in turn',
      async () => {
        await using cleanup = createCleanup();
        const url = await server.newDatabase();
        const count = 3;
        const replicas = await startReplicas(cleanup, count, emulator, url);
        // Whoever was started last, or is stopped last.
        let newest = 0;
        const anyone = () => replicas[newest % count] as ReplicaProcess;
        const scenes = await Promise.all(
          replicas.map(async (gateway, index) => {
            const deviceId = `rolling-${index}`;
            const device = cleanup.use(await startPuppetDevice(emulator, deviceId));
            const id = await reboot(gateway, deviceId);
            await (await device.called())(200);
            const follower = cleanup.use(followEvents(id, anyone));
            return { deviceId, device, id, follower };
          }),
        );

        for (let place = 0; place < count; place += 1) {
          const old = replicas[place] as ReplicaProcess;
          newest = place + 1;
          old.program.kill('SIGTERM');
          const [, started] = await Promise.all([
            scenes[place]?.device.report('in the middle of it'),
            startReplica(emulator, url),
          ]);
          expect(await old.program.exit()).toEqual({ code: 0, signal: null });
          replicas[place] = cleanup.use(started);
        }

        const ends = scenes.flatMap(({ follower }) => follower.ends);
        expect(ends).toContain('SHUTTING_DOWN');
        for (const { deviceId, id, follower } of scenes) {
          await follower.completed;
          sequences(follower.events);
          expect(follower.events.at(-1)).toMatchObject({ type: 'FINISHED', status: 'SUCCEEDED' });
          // One that connects while a gateway is stopping is sent away with a close code instead.
          expect(['SHUTTING_DOWN', 'SOCKET_CLOSED']).toEqual(
            expect.arrayContaining([...follower.ends]),
          );
          const status = anyone().subscribe(WatchRebootDocument, { deviceId });
          const { rebootStatus } = await status.waitFor(() => true);
          expect(rebootStatus).toMatchObject({ phase: 'REBOOTED', operation: { id } });
          expect(calls(deviceId)).toBe(1);
        }
      },
      limit,
    );

    test(
      'lose nothing when PostgreSQL is restarted under load, in order and as in a crash',
      async () => {
        await using cleanup = createCleanup();
        // First, so that they take calls when the gateways are there.
        const devices = await Promise.all(
          Array.from({ length: inFlight }, async (_, index) => {
            const deviceId = `restart-${index}`;
            return { deviceId, device: cleanup.use(await startPuppetDevice(emulator, deviceId)) };
          }),
        );
        const own = cleanup.use(await startPostgresServer());
        const url = await own.newDatabase();
        const [one, two] = (await startReplicas(cleanup, 2, emulator, url)) as [
          ReplicaProcess,
          ReplicaProcess,
        ];
        const scenes = await Promise.all(
          devices.map(async ({ deviceId, device }, index) => {
            const id = await reboot(index % 2 ? one : two, deviceId);
            const states = (index % 2 ? two : one).subscribe(WatchOperationDocument, { id });
            // It fails here, rather than hang, where an operation ends before it has begun.
            const ended = states.waitFor(({ operation }) => operation.finishedAt !== null);
            const early = ended.then(({ operation }) => {
              throw new Error(JSON.stringify(operation));
            });
            const answer = await Promise.race([device.called(), early]);
            early.catch(() => {});
            // A stream that is not there yet would end with PostgreSQL.
            await states.waitFor(() => true);
            return { deviceId, device, id, answer, states };
          }),
        );

        for (const [round, { mode }] of restarts.entries()) {
          const deviceId = `asked-${mode}`;
          cleanup.use(await startPuppetDevice(emulator, deviceId));
          // Of each restart's operations half are answered while it is away, half when it is back.
          const part = scenes.filter((_, index) => index % restarts.length === round);
          const half = Math.ceil(part.length / 2);
          await own.stop(mode);
          const meanwhile = one.execute(RebootDeviceDocument, { input: { deviceId } });
          await Promise.all(part.slice(0, half).map(({ answer }) => answer(200)));
          const { errors } = await meanwhile;
          await own.start();
          await Promise.all(part.slice(half).map(({ answer }) => answer(200)));

          expect(errors).toMatchObject([{ extensions: { code: 'DATABASE_UNAVAILABLE' } }]);
          expect(calls(deviceId)).toBe(0);
          await vi.waitFor(() => reboot(two, deviceId), patience);
          // Before the next restart: a claim that cannot be recorded sends nothing.
          await vi.waitFor(() => expect(calls(deviceId)).toBe(1), patience);
        }
        await Promise.all(scenes.map(({ device }) => device.report('rebooted')));

        for (const { states, deviceId, id } of scenes) {
          await states.completed;
          const { operation } = states.messages.at(-1) ?? {};
          expect(operation).toMatchObject({ id, status: 'SUCCEEDED' });
          sequences(operation?.history ?? []);
          expect(calls(deviceId)).toBe(1);
        }
      },
      limit,
    );

    test(
      'poll a hub that enforces its throttles without a 429, and use the share of one that needs none',
      async () => {
        await using cleanup = createCleanup();
        const hub = cleanup.use(await startTestEmulator({ size: { tier: 'S1', units: 1 } }));
        const url = await server.newDatabase();
        const [first, second] = (await startReplicas(cleanup, 2, hub, url, {
          HUB_TIER: 'S1',
        })) as [ReplicaProcess, ReplicaProcess];
        const watchMany = (gateway: TestGateway, name: string) => {
          for (let index = 0; index < 120; index += 1) {
            hub.registerDevice(`${name}-${index}`);
            watch(gateway, `${name}-${index}`);
          }
        };
        /** Reads a second, over the newest 240. */
        const pace = (name: string) => {
          const read = hub.calls.list({ operation: 'twin.get' }).slice(-240);
          const span = (read.at(-1)?.at.getTime() ?? 0) - (read[0]?.at.getTime() ?? 0);
          const ofName = read.filter(({ deviceId }) => deviceId?.startsWith(name));
          return read.length < 240 ? 0 : (ofName.length * 1000) / span;
        };

        watchMany(first, 'of-first');
        // An equal part of what both may use would be 40 reads a second.
        await vi.waitFor(() => expect(pace('of-first')).toBeGreaterThan(50), patience);
        watchMany(second, 'of-second');
        await vi.waitFor(() => expect(pace('of-second')).toBeGreaterThan(25), patience);
        await vi.waitFor(() => expect(pace('of-first')).toBeGreaterThan(25), patience);

        expect(hub.calls.list().filter(({ status }) => status === 429)).toEqual([]);
      },
      limit,
    );

    describe('one of which loses answers of the database', () => {
      /** Two in this process; the line of the second to the database is the test's. */
      async function startPair(cleanup: ReturnType<typeof createCleanup>) {
        const url = await server.newDatabase();
        const line = cleanup.use(await createLine(url));
        const start = (databaseUrl: string) =>
          startGateway(emulator, { environment: { DATABASE_URL: databaseUrl } });
        const steady = cleanup.use(await start(url));
        const shaky = cleanup.use(await start(line.url));
        return { line, steady, shaky };
      }

      /** Loses the answer to the next statement that is like this; tells how many were lost. */
      function loseNext(line: Line, isLike: (text: string) => boolean): () => number {
        let lost = 0;
        line.onStatement((text, connection) => {
          if (lost > 0 || !isLike(text)) return;
          lost += 1;
          connection.loseAnswer();
        });
        return () => lost;
      }

      test(
        'leave no operation behind that was recorded although nobody was told',
        async () => {
          await using cleanup = createCleanup();
          const deviceId = 'recorded-untold';
          cleanup.use(await startPuppetDevice(emulator, deviceId));
          const { line, steady, shaky } = await startPair(cleanup);
          let creating = false;
          const lost = loseNext(line, (text) => {
            creating ||= text.includes('insert into "operations"');
            return creating && /commit/i.test(text);
          });

          const { errors } = await shaky.execute(RebootDeviceDocument, { input: { deviceId } });
          const { operations } = await steady.data(OperationsDocument, { where: { deviceId } });
          const [recorded] = operations.nodes;
          const states = steady.subscribe(WatchOperationDocument, { id: recorded?.id ?? '' });
          await states.completed;

          expect(lost()).toBe(1);
          expect(errors).toMatchObject([{ extensions: { code: 'DATABASE_UNAVAILABLE' } }]);
          expect(states.messages.at(-1)?.operation).toMatchObject({
            status: 'FAILED',
            failure: { code: 'NOT_SENT' },
          });
          expect(calls(deviceId)).toBe(0);
        },
        limit,
      );

      test(
        'show the end of an operation that could not be read when it was told of',
        async () => {
          await using cleanup = createCleanup();
          const deviceId = 'told-unread';
          const device = cleanup.use(await startPuppetDevice(emulator, deviceId));
          const { line, steady, shaky } = await startPair(cleanup);
          const id = await reboot(steady, deviceId);
          const states = shaky.subscribe(WatchOperationDocument, { id });
          await (await device.called())(200);
          await states.waitFor(({ operation }) => operation.status === 'ACCEPTED');
          const lost = loseNext(line, (text) => text.includes('from "operations"'));

          await device.report('rebooted');

          await states.completed;
          expect(states.messages.at(-1)?.operation).toMatchObject({ status: 'SUCCEEDED' });
          expect(lost()).toBe(1);
        },
        limit,
      );

      test(
        'go on with operations that were adopted although nobody was told',
        async () => {
          await using cleanup = createCleanup();
          const deviceId = 'adopted-untold';
          const device = cleanup.use(await startPuppetDevice(emulator, deviceId));
          const { line, steady, shaky } = await startPair(cleanup);
          const id = await reboot(steady, deviceId);
          await device.called();
          const lost = loseNext(line, (text) => text.includes('UPDATE operations SET driver'));

          await steady[Symbol.asyncDispose]();
          const events = shaky.subscribe(WatchOperationEventsDocument, { id, after: 0 });
          await events.waitFor(({ operationEvents: { type } }) => type === 'ANSWER_UNKNOWN');
          await device.report('rebooted');

          await events.completed;
          expect(events.messages.at(-1)?.operationEvents).toMatchObject({ status: 'SUCCEEDED' });
          expect(lost()).toBe(1);
        },
        limit,
      );
    });

    test(
      'take what came last for the last, however wrong the clock of one of them is',
      async () => {
        await using cleanup = createCleanup();
        const deviceId = 'clocks';
        const device = cleanup.use(await startPuppetDevice(emulator, deviceId));
        const environment = { DATABASE_URL: await server.newDatabase() };
        const right = cleanup.use(await startGateway(emulator, { environment }));
        const behind = cleanup.use(
          await startGateway(emulator, {
            environment,
            clock: {
              now: () => Date.now() - 3_600_000,
              after: (milliseconds, task) => {
                const timer = setTimeout(task, milliseconds);
                return () => clearTimeout(timer);
              },
            },
          }),
        );
        const status = right.subscribe(WatchRebootDocument, { deviceId });
        const first = await reboot(right, deviceId);
        await (await device.called())(500);
        await status.waitFor(({ rebootStatus }) => rebootStatus.phase === 'FAILED');

        const second = await reboot(behind, deviceId);
        await status.waitFor(({ rebootStatus }) => rebootStatus.operation?.id === second);

        const { operations } = await right.data(OperationsDocument, { where: { deviceId } });
        expect(operations.nodes.map(({ id }) => id)).toEqual([second, first]);
      },
      limit,
    );
  });
