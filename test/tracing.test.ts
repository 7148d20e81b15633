import { createClient } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import WebSocket from 'ws';
import { startTestEmulator, type TestEmulator } from './emulator/support/emulator.js';
import { type GatewayProcess, startGatewayProcess } from './support/gateway.js';
import { startPuppetDevice } from './support/puppet-device.js';
import { createTemporaryFolder, type TemporaryFolder } from './support/temporary-folder.js';
import {
  type ReceivedSpan,
  startTraceReceiver,
  type TraceReceiver,
} from './support/trace-receiver.js';

const patience = { timeout: 20_000, interval: 50 };
const kinds = { internal: 1, server: 2, client: 3 } as const;

describe('a gateway that OpenTelemetry is configured for', () => {
  let emulator: TestEmulator;
  let folder: TemporaryFolder;
  let receiver: TraceReceiver;
  let gateway: GatewayProcess;

  beforeAll(async () => {
    emulator = await startTestEmulator();
    folder = await createTemporaryFolder();
    receiver = await startTraceReceiver();
    gateway = await startGatewayProcess({
      IOTHUB_CONNECTION_STRING: emulator.connectionString,
      IOTHUB_CA_FILE: emulator.caFile,
      DATA_DIR: folder.path,
      LOG_LEVEL: 'info',
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      OTEL_BSP_SCHEDULE_DELAY: '100',
      OTEL_RESOURCE_ATTRIBUTES: 'service.name=fleet-gateway',
    });
  });

  afterAll(async () => {
    await gateway[Symbol.asyncDispose]();
    await receiver[Symbol.asyncDispose]();
    await emulator[Symbol.asyncDispose]();
    await folder[Symbol.asyncDispose]();
  });

  function spanOf(traceId: string, name: string): ReceivedSpan | undefined {
    return receiver.spans.find((span) => span.traceId === traceId && span.name === name);
  }

  /** The span when it has come. */
  function arrived(traceId: string, name: string): Promise<ReceivedSpan> {
    return vi.waitUntil(() => spanOf(traceId, name), patience);
  }

  async function post(query: string, traceId: string): Promise<void> {
    const response = await fetch(`${gateway.url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        traceparent: `00-${traceId}-00f067aa0ba902b7-01`,
      },
      body: JSON.stringify({ query }),
    });
    await response.text();
  }

  test("shows a reboot in the caller's trace, from the request to the call of the hub", async () => {
    const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
    const deviceId = 'traced';
    await using device = await startPuppetDevice(emulator, deviceId);
    await post(
      `mutation { rebootDevice(input: {deviceId: "${deviceId}", payload: "a-payload"}) { operation { id } } }`,
      traceId,
    );
    await (await device.called())(200);
    await device.report('now');
    const request = await arrived(traceId, 'POST /graphql');
    const field = await arrived(traceId, 'Mutation.rebootDevice');
    const baseline = await arrived(traceId, 'GET /twins/{deviceId}');
    const recorded = await arrived(traceId, 'journal create');
    const call = await arrived(traceId, 'POST /twins/{deviceId}/methods');

    expect(request).toMatchObject({
      parentSpanId: '00f067aa0ba902b7',
      kind: kinds.server,
      service: 'fleet-gateway',
      attributes: {
        'http.request.method': 'POST',
        'http.route': '/graphql',
        'http.response.status_code': 200,
        'graphql.operation.type': 'mutation',
      },
    });
    expect(field).toMatchObject({ parentSpanId: request.spanId, kind: kinds.internal, status: 0 });
    for (const below of [baseline, recorded, call]) expect(below.parentSpanId).toBe(field.spanId);
    expect(call).toMatchObject({
      kind: kinds.client,
      status: 0,
      attributes: {
        'http.request.method': 'POST',
        'server.address': 'localhost',
        'server.port': Number(/HostName=[^:;]+:(\d+)/.exec(emulator.connectionString)?.[1]),
        'http.response.status_code': 200,
        'url.template': '/twins/{deviceId}/methods',
        'twinql.hub': 'localhost',
        'twinql.request_class': 'METHODS',
      },
    });
  });

  test('marks what failed, by its code', async () => {
    const traceId = '5bf92f3577b34da6a3ce929d0e0e4736';
    await post('mutation { enableDevice(input: {deviceId: "nobody"}) { device { id } } }', traceId);
    const read = await arrived(traceId, 'GET /devices/{deviceId}');
    const field = await arrived(traceId, 'Mutation.enableDevice');

    expect(read).toMatchObject({
      status: 2,
      attributes: { 'error.type': '404', 'http.response.status_code': 404 },
    });
    expect(field).toMatchObject({ status: 2, attributes: { 'error.type': 'DEVICE_NOT_FOUND' } });
  });

  test('begins a trace for each operation of a socket, which its log lines name', async () => {
    emulator.registerDevice('by-socket');
    const client = createClient({
      url: `${gateway.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
    });
    await new Promise((resolve, reject) => {
      client.subscribe(
        { query: '{ device(id: "by-socket") { id } }' },
        { next: resolve, error: reject, complete: () => {} },
      );
    });
    await client.dispose();
    const operation = await vi.waitUntil(
      () => receiver.spans.find(({ name, kind }) => name === 'query' && kind === kinds.server),
      patience,
    );
    const field = await arrived(operation.traceId, 'Query.device');
    const read = await arrived(operation.traceId, 'GET /twins/{deviceId}');

    expect(field.parentSpanId).toBe(operation.spanId);
    expect(read.parentSpanId).toBe(field.spanId);
  });

  test('traces no polling, and puts no secret, document or payload into a span', async () => {
    const key = /SharedAccessKey=(.+)$/.exec(emulator.connectionString)?.[1] ?? 'missing';
    const roots = receiver.spans.filter(({ parentSpanId }) => !parentSpanId);

    expect(new Set(roots.map(({ kind }) => kind))).toEqual(new Set([kinds.server]));
    expect(receiver.text).not.toContain(key);
    expect(receiver.text).not.toMatch(/SharedAccessSignature|a-payload|rebootDevice\(/);
    // The baseline alone: what was read after it was for all.
    const reads = receiver.spans.filter(
      ({ traceId, name }) => traceId.startsWith('4bf') && name === 'GET /twins/{deviceId}',
    );
    expect(reads).toHaveLength(1);
  });
});
