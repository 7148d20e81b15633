import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { loadConfig, variables } from '../src/config.js';
import { issueCertificates } from '../src/emulator/certificates.js';
import { createHostNames } from '../src/emulator/host-names.js';
import { formatServiceConnectionString } from '../src/emulator/policies.js';
import { readManifest } from './support/package.js';
import { createTemporaryFolder } from './support/temporary-folder.js';

const run = promisify(execFile);
const read = (file: string) => readFileSync(join('deploy', file), 'utf8');

type Environment = Readonly<Record<string, string>>;

/** Node's own, beside those of the gateway. */
const known = [...variables, 'NODE_OPTIONS'];
/** Longer than it takes to close what is open after the calls have ended. */
const CLOSING = 2;
const { drainTimeout } = loadConfig({});
const hub = 'HostName=pumps.azure-devices.net;SharedAccessKeyName=gateway;SharedAccessKey=c2VjcmV0';

/** Node's heap is smaller than the memory of the container, which code and buffers share. */
function expectHeapWithin(environment: Environment, limit: string): void {
  const heap = /^--max-old-space-size=(\d+)$/.exec(environment['NODE_OPTIONS'] ?? '')?.[1];
  expect(Number(heap)).toBeLessThan(0.8 * Number.parseInt(limit, 10));
}

describe('the Dockerfile', () => {
  const text = read('Dockerfile');
  const instructions = (word: string) =>
    [...text.matchAll(new RegExp(`^(?:${word} | {2}${word} )(.*)$`, 'gm'))].map(
      ([, it = '']) => it,
    );

  test('builds on the major version of Node that is tested, and on nothing else', () => {
    const [major] = process.versions.node.split('.');
    for (const base of instructions('FROM')) expect(base).toMatch(`node:${major}-slim`);
  });

  test('runs Node itself, as nobody, on a file that is built', () => {
    const [, file] = JSON.parse(instructions('ENTRYPOINT')[0] ?? '[]') as string[];

    expect(instructions('ENTRYPOINT')).toEqual([JSON.stringify(['node', file]).replace(',', ', ')]);
    expect(file).toMatch(/^dist\/.*\.js$/);
    expect(existsSync(String(file).replace(/^dist(.*)js$/, 'src$1ts'))).toBe(true);
    // Kubernetes cannot tell whether a name is root's.
    expect(instructions('USER')).toEqual(['1000:1000']);
  });

  test('copies nothing that .dockerignore keeps back, or that is not there', () => {
    const [all, ...rest] = readFileSync('.dockerignore', 'utf8').match(/^[^#\n].*$/gm) ?? [];
    const copied = instructions('COPY')
      .filter((it) => !it.startsWith('--from'))
      .flatMap((it) => it.split(' ').slice(0, -1));

    expect(all).toBe('*');
    expect(rest.sort()).toEqual([...new Set(copied)].map((path) => `!${path}`).sort());
    for (const path of copied) expect(existsSync(path)).toBe(true);
  });

  test('sets variables that the gateway reads', () => {
    const names = instructions('ENV').map((it) => it.split('=')[0]);
    expect(names).toEqual(['NODE_ENV', 'DATA_DIR', 'EMULATOR_DATA_DIR']);
    for (const name of names) expect(known).toContain(name);
  });

  test('checks the health of the gateway where it listens', async () => {
    const [program, ...args] = JSON.parse(instructions('CMD')[0] ?? '[]') as string[];
    const check = (port: number) =>
      run(program ?? '', args, { env: { ...process.env, PORT: String(port) } });
    let status = 200;
    const server = createServer((_request, response) => response.writeHead(status).end());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;

    await check(port);
    status = 503;
    await expect(check(port)).rejects.toMatchObject({ code: 1 });
    await new Promise((resolve) => server.close(resolve));
    await expect(check(port)).rejects.toMatchObject({ code: 1 });
  });
});

interface Service {
  readonly image: string;
  readonly command?: readonly string[];
  readonly environment: Environment;
  readonly network_mode?: string;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly stop_grace_period?: string;
  readonly mem_limit?: string;
}

describe('the compose files', () => {
  const services = (file: string) =>
    (parse(read(file), { merge: true }) as { services: Record<string, Service> }).services;
  const base = services('compose.yaml');
  const emulated = services('compose.emulator.yaml');
  const gateways = ['gateway-1', 'gateway-2'] as const;
  const given: Environment = { IOTHUB_CONNECTION_STRING: hub, POSTGRES_PASSWORD: 'letters1' };

  /** What compose makes of `${NAME:-default}` and `${NAME:?message}`. */
  const filledIn = (environment: Environment = {}): Environment =>
    Object.fromEntries(
      Object.entries(environment).map(([name, value]) => [
        name,
        value.replace(/\$\{(\w+):[-?][^}]*\}/g, (_, variable: string) => given[variable] ?? ''),
      ]),
    );

  test('run two gateways on ports of their own and on one PostgreSQL', () => {
    const configs = gateways.map((name) => loadConfig(filledIn(base[name]?.environment)));

    expect(new Set(configs.map(({ port }) => port)).size).toBe(2);
    for (const { database, host } of configs) {
      expect(database).toEqual({
        kind: 'POSTGRES',
        url: 'postgres://twinql:letters1@127.0.0.1:5432/twinql',
      });
      expect(host).toBe('127.0.0.1');
    }
    expect(base['postgres']).toMatchObject({
      ports: ['127.0.0.1:5432:5432'],
      environment: { POSTGRES_USER: 'twinql', POSTGRES_DB: 'twinql' },
    });
  });

  test('set variables that the gateway reads, and leave it time and memory', () => {
    for (const name of gateways) {
      const { environment = {}, stop_grace_period = '', mem_limit = '' } = base[name] ?? {};
      const overriding = emulated[name]?.environment ?? {};
      for (const variable of Object.keys({ ...environment, ...overriding })) {
        expect(known).toContain(variable);
      }
      expect(Number.parseInt(stop_grace_period, 10)).toBeGreaterThanOrEqual(
        drainTimeout / 1000 + CLOSING,
      );
      expectHeapWithin(environment, mem_limit);
    }
  });

  test('open nothing to other machines', () => {
    for (const service of Object.values({ ...base, ...emulated })) {
      for (const port of service.ports ?? []) expect(port).toMatch(/^127\.0\.0\.1:/);
      expect(JSON.stringify(service)).not.toMatch(/--host\b|"HOST"|0\.0\.0\.0/);
    }
  });

  test('give the gateways the hub that the emulator is, with its CA', async () => {
    await using folder = await createTemporaryFolder();
    await issueCertificates(folder.path, createHostNames(), new Date());
    const { environment = {} } = emulated['gateway-1'] ?? {};
    const caFile = String(environment['IOTHUB_CA_FILE']);
    const config = loadConfig({
      ...filledIn(base['gateway-1']?.environment),
      ...environment,
      NODE_ENV: 'production',
      IOTHUB_CA_FILE: join(folder.path, caFile.replace(/^\/twinql\/data\/emulator\//, '')),
    });

    expect(config.hubs[0]).toMatchObject({
      access: { connectionString: formatServiceConnectionString('localhost:8443') },
      ca: expect.stringContaining('BEGIN CERTIFICATE'),
    });
    expect(emulated['emulator']?.volumes).toEqual(['emulator:/twinql/data']);
    expect(emulated['gateway-1']?.volumes).toEqual(['emulator:/twinql/data:ro']);
    expect(emulated['emulator']?.command?.[0]).toBe('emulator');
  });
});

/** What a test reads of a resource of Kubernetes. */
// biome-ignore lint/suspicious/noExplicitAny: a dozen forms, each of which the cluster checks
type Resource = any;

describe('the Kubernetes example', () => {
  const resources: Resource[] = parseAllDocuments(read('kubernetes.yaml'), { merge: true }).map(
    (document) => document.toJS(),
  );
  const find = (kind: string): Resource => resources.find((resource) => resource.kind === kind);
  const { spec } = find('Deployment');
  const pod = spec.template.spec;
  const [gateway] = pod.containers;

  test('configures a gateway that starts, by variables that it reads and secrets that it names', () => {
    const settings = find('ConfigMap').data as Environment;
    const secrets = Object.fromEntries(
      gateway.env.map(({ name, valueFrom }: Resource) => [name, valueFrom.secretKeyRef.key]),
    );
    expect(secrets).toEqual({
      IOTHUB_CONNECTION_STRING: 'IOTHUB_CONNECTION_STRING',
      DATABASE_URL: 'DATABASE_URL',
    });
    for (const variable of Object.keys({ ...settings, ...secrets })) {
      expect(known).toContain(variable);
    }
    const { database, port, tokens } = loadConfig({
      ...settings,
      NODE_ENV: 'production',
      IOTHUB_CONNECTION_STRING: hub,
      DATABASE_URL: 'postgres://twinql:secret@db.example/twinql?sslmode=verify-full',
    });
    expect(database.kind).toBe('POSTGRES');
    // Other machines reach it: it would not start if it asked nobody who they are.
    expect(settings['HOST']).toBe('0.0.0.0');
    expect(tokens).toMatchObject({ issuer: 'https://login.example', audiences: ['api://twinql'] });
    expect(gateway.ports).toEqual([{ name: 'http', containerPort: port }]);
    expectHeapWithin(settings, gateway.resources.limits.memory);
  });

  test('runs the version that it comes with', async () => {
    const { version } = await readManifest();
    expect(gateway.image).toBe(`registry.example/twinql:${version}`);
  });

  test('lets one gateway go at a time, and lets it finish', () => {
    const { minAvailable } = find('PodDisruptionBudget').spec;
    const [, pause] = gateway.lifecycle.preStop.exec.command;

    expect(spec.replicas).toBe(2);
    expect(minAvailable).toBe(spec.replicas - 1);
    expect(spec.strategy.rollingUpdate.maxUnavailable).toBe(0);
    expect(pod.terminationGracePeriodSeconds).toBeGreaterThanOrEqual(
      Number(pause) + drainTimeout / 1000 + CLOSING,
    );
  });

  test('asks whether it lives as the image does, and whether it is ready before it is sent anybody', () => {
    const [, path] = /4000\}(\/\w*)`/.exec(read('Dockerfile')) ?? [];
    for (const probe of ['startupProbe', 'livenessProbe']) {
      expect(gateway[probe].httpGet).toEqual({ path, port: 'http' });
    }
    expect(path).toBe('/healthz');
    expect(gateway.readinessProbe.httpGet).toEqual({ path: '/readyz', port: 'http' });
  });

  test('can be reached at one port, and reaches the hub, the issuer, PostgreSQL and names', () => {
    const { ingress, egress, podSelector } = find('NetworkPolicy').spec;
    const { selector, ports } = find('Service').spec;
    const [door] = gateway.ports;
    const labels = spec.template.metadata.labels;

    expect(ingress).toHaveLength(1);
    expect(ingress[0].ports).toEqual([{ port: door.containerPort, protocol: 'TCP' }]);
    expect(ports.map(({ targetPort }: Resource) => targetPort)).toEqual([door.name]);
    expect(egress.flatMap((rule: Resource) => rule.ports.map((it: Resource) => it.port))).toEqual([
      53, 53, 5432, 443,
    ]);
    for (const selected of [
      selector,
      podSelector.matchLabels,
      spec.selector.matchLabels,
      find('PodDisruptionBudget').spec.selector.matchLabels,
    ]) {
      expect(selected).toEqual(labels);
    }
  });

  test('gives no container more than it needs', () => {
    expect(pod.securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 1000 });
    expect(pod.automountServiceAccountToken).toBe(false);
    for (const { securityContext, resources } of pod.containers) {
      expect(securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
      expect(resources).toMatchObject({ requests: {}, limits: { memory: expect.any(String) } });
    }
  });
});
