import { createClient } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import WebSocket from 'ws';
import type { Operation } from '../src/emulator/calls.js';
import { startTestEmulator, type TestEmulator } from './emulator/support/emulator.js';
import { type GatewayProcess, startGatewayProcess } from './support/gateway.js';
import { startPuppetDevice } from './support/puppet-device.js';
import { createTemporaryFolder, type TemporaryFolder } from './support/temporary-folder.js';

interface LogLine {
  readonly msg: string;
  readonly requestId?: string;
  readonly type?: string;
  readonly codes?: readonly string[];
  readonly level: number;
  readonly err?: { readonly message: string };
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const patience = { timeout: 20_000, interval: 50 };

describe('the id of a request', () => {
  let emulator: TestEmulator;
  let folder: TemporaryFolder;
  let gateway: GatewayProcess;

  beforeAll(async () => {
    emulator = await startTestEmulator();
    folder = await createTemporaryFolder();
    gateway = await startGatewayProcess({
      IOTHUB_CONNECTION_STRING: emulator.connectionString,
      IOTHUB_CA_FILE: emulator.caFile,
      DATA_DIR: folder.path,
      LOG_LEVEL: 'debug',
    });
  });

  afterAll(async () => {
    await gateway[Symbol.asyncDispose]();
    await emulator[Symbol.asyncDispose]();
    await folder[Symbol.asyncDispose]();
  });

  async function post(query: string, requestId?: string): Promise<string> {
    const response = await fetch(`${gateway.url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(requestId !== undefined && { 'x-request-id': requestId }),
      },
      body: JSON.stringify({ query }),
    });
    await response.text();
    return response.headers.get('x-request-id') ?? '';
  }

  /** What the log says of a request. */
  function linesOf(requestId: string): readonly LogLine[] {
    const lines = gateway.program.output.split('\n').filter((line) => line.startsWith('{'));
    return lines
      .map((line) => JSON.parse(line) as LogLine)
      .filter((line) => line.requestId === requestId);
  }

  const idsAtHub = (operation: Operation, deviceId: string) =>
    emulator.calls.list({ operation, deviceId }).map(({ requestId }) => requestId);

  test('is a new one for each, comes back, is in the log and reaches the hub', async () => {
    emulator.registerDevice('asked-for');
    const query = '{ device(id: "asked-for") { id } }';
    const [one, other] = [await post(query), await post(query)];

    expect(one).toMatch(uuid);
    expect(other).not.toBe(one);
    expect(idsAtHub('twin.get', 'asked-for')).toEqual([one, other]);
    await vi.waitFor(() => {
      expect(linesOf(one)).toMatchObject([
        { msg: 'GraphQL request', type: 'query' },
        { msg: 'answered', route: '/graphql', status: 200 },
      ]);
    }, patience);
  });

  test.each([
    ['a client gives, as it is safe to repeat', 'trace-4.7_b', true],
    ['a client gives is passed over where it is too long', 'x'.repeat(65), false],
    ['a client gives is passed over where it could be taken for something else', '{"a":1}', false],
    ['a client gives is passed over where it is empty', '', false],
  ])('that %s', async (_what, given, taken) => {
    const id = await post('{ __typename }', given);
    if (taken) expect(id).toBe(given);
    else expect(id).toMatch(uuid);
  });

  test('reaches the hub with the call of an operation, and no reading that is for all', async () => {
    const deviceId = 'rebooted';
    await using device = await startPuppetDevice(emulator, deviceId);
    await post(
      `mutation { rebootDevice(input: {deviceId: "${deviceId}"}) { operation { id } } }`,
      'reboot-1',
    );
    await (await device.called())(200);
    await vi.waitUntil(() => idsAtHub('twin.get', deviceId).length > 2, patience);
    await device.report('now');

    expect(idsAtHub('method.invoke', deviceId)).toEqual(['reboot-1']);
    const [baseline, ...polled] = idsAtHub('twin.get', deviceId);
    expect(baseline).toBe('reboot-1');
    for (const id of polled) expect(id).toMatch(uuid);
    expect(polled).not.toContain('reboot-1');
  });

  test('is one of its own for each operation of a socket', async () => {
    for (const id of ['by-socket', 'by-socket-too']) emulator.registerDevice(id);
    const client = createClient({
      url: `${gateway.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
    });
    const ask = (id: string) =>
      new Promise((resolve, reject) => {
        client.subscribe(
          { query: `{ device(id: "${id}") { id } }` },
          { next: resolve, error: reject, complete: () => {} },
        );
      });
    await Promise.all([ask('by-socket'), ask('by-socket-too')]);
    await client.dispose();
    const [one = ''] = idsAtHub('twin.get', 'by-socket');
    const [other = ''] = idsAtHub('twin.get', 'by-socket-too');

    expect(one).not.toBe(other);
    for (const id of [one, other]) {
      await vi.waitFor(() => {
        expect(linesOf(id)).toMatchObject([{ msg: 'GraphQL request', type: 'query' }]);
      }, patience);
    }
  });

  test('is in the log where a request is refused, with the code', async () => {
    const id = await post('{ oops }', 'refused-1');
    await vi.waitFor(() => {
      expect(linesOf(id)).toMatchObject([
        { type: 'unknown', codes: ['GRAPHQL_VALIDATION_FAILED'] },
        { msg: 'answered', status: 400 },
      ]);
    }, patience);
  });
});
