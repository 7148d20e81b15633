import { type Area, may, must, should } from '../check.js';
import { sources } from '../sources.js';
import { expectAnswer, expectRefusal } from '../support/http.js';
import { fail, readText } from '../support/match.js';

const key = /^[A-Za-z0-9+/]{43}=$/;
const etag = /^[A-Za-z0-9+/]+=*$/;
const keyOf = (bytes: number) => Buffer.alloc(bytes, 'k').toString('base64');
const ifMatch = (value: string) => ({ 'If-Match': value });

export const identities: Area = {
  title: 'Device identities',
  checks: [
    must(
      'IDN-01',
      'A PUT of a new device answers 200 with the whole identity, its defaults filled in.',
      sources.rest,
      async (hub) => {
        const deviceId = hub.newId();
        expectAnswer(await hub.send(`PUT /devices/${deviceId}`, { body: { deviceId } }), {
          status: 200,
          headers: { 'content-type': 'application/json; charset=utf-8' },
          body: {
            deviceId,
            generationId: /^.{1,128}$/,
            etag,
            connectionState: 'Disconnected',
            status: 'enabled',
            statusReason: null,
            connectionStateUpdatedTime: '0001-01-01T00:00:00',
            statusUpdatedTime: '0001-01-01T00:00:00',
            lastActivityTime: '0001-01-01T00:00:00',
            cloudToDeviceMessageCount: 0,
            authentication: {
              symmetricKey: { primaryKey: key, secondaryKey: key },
              x509Thumbprint: { primaryThumbprint: null, secondaryThumbprint: null },
              type: 'sas',
            },
            capabilities: { iotEdge: false },
            deviceScope: undefined,
          },
        });
      },
    ),
    must(
      'IDN-02',
      'The ETag header is the etag of the body, in quotes.',
      sources.rest,
      async (hub) => {
        const { deviceId, etag: current } = await hub.createDevice();
        expectAnswer(await hub.send(`GET /devices/${deviceId}`), {
          status: 200,
          headers: { etag: `"${current}"` },
          body: { etag: current },
        });
      },
    ),
    must(
      'IDN-03',
      'Keys given as empty strings are generated.',
      sources.nodeService,
      async (hub) => {
        const deviceId = hub.newId();
        const symmetricKey = { primaryKey: '', secondaryKey: '' };
        const body = { deviceId, authentication: { type: 'sas', symmetricKey } };
        expectAnswer(await hub.send(`PUT /devices/${deviceId}`, { body }), {
          status: 200,
          body: { authentication: { symmetricKey: { primaryKey: key, secondaryKey: key } } },
        });
      },
    ),
    must('IDN-04', 'Keys that are given are kept.', sources.registry, async (hub) => {
      const deviceId = hub.newId();
      const symmetricKey = { primaryKey: keyOf(32), secondaryKey: keyOf(16) };
      const body = { deviceId, authentication: { type: 'sas', symmetricKey } };
      expectAnswer(await hub.send(`PUT /devices/${deviceId}`, { body }), {
        status: 200,
        body: { authentication: { type: 'sas', symmetricKey } },
      });
    }),
    must(
      'IDN-05',
      'A PUT without If-Match of a device that exists is refused with 409 DeviceAlreadyExists.',
      sources.rest,
      async (hub) => {
        const { deviceId } = await hub.createDevice();
        const answer = await hub.send(`PUT /devices/${deviceId}`, { body: { deviceId } });
        expectRefusal(answer, 409, 'DeviceAlreadyExists');
      },
    ),
    must(
      'IDN-06',
      'The etag in the body of a PUT is no condition: without If-Match it still is 409.',
      sources.observed,
      async (hub) => {
        const { deviceId, etag: current } = await hub.createDevice();
        const body = { deviceId, etag: current };
        expectRefusal(
          await hub.send(`PUT /devices/${deviceId}`, { body }),
          409,
          'DeviceAlreadyExists',
        );
      },
    ),
    must(
      'IDN-07',
      'A PUT with If-Match of a device that is missing is refused with 404 DeviceNotFound.',
      sources.observed,
      async (hub) => {
        const deviceId = hub.newId();
        const answer = await hub.send(`PUT /devices/${deviceId}`, {
          body: { deviceId },
          headers: ifMatch('*'),
        });
        expectRefusal(answer, 404, 'DeviceNotFound');
      },
    ),
    must(
      'IDN-08',
      'If-Match: "*", in quotes as the SDKs send it, updates whatever the ETag.',
      sources.nodeService,
      async (hub) => {
        const { deviceId } = await hub.createDevice();
        const answer = await hub.send(`PUT /devices/${deviceId}`, {
          body: { deviceId, statusReason: 'quoted' },
          headers: ifMatch('"*"'),
        });
        expectAnswer(answer, { status: 200, body: { deviceId, statusReason: 'quoted' } });
      },
    ),
    must('IDN-09', 'If-Match: * without quotes does the same.', sources.rest, async (hub) => {
      const { deviceId } = await hub.createDevice();
      const answer = await hub.send(`PUT /devices/${deviceId}`, {
        body: { deviceId, statusReason: 'bare' },
        headers: ifMatch('*'),
      });
      expectAnswer(answer, { status: 200, body: { statusReason: 'bare' } });
    }),
    must(
      'IDN-10',
      'An update with the current ETag succeeds, and gives the identity another.',
      sources.rest,
      async (hub) => {
        const { deviceId, etag: current } = await hub.createDevice();
        const answer = await hub.send(`PUT /devices/${deviceId}`, {
          body: { deviceId },
          headers: ifMatch(`"${current}"`),
        });
        expectAnswer(answer, { status: 200, body: { etag } });
        if (readText(answer.body, 'etag') === current) fail(current, 'another etag', 'etag');
      },
    ),
    must(
      'IDN-11',
      'An update with an old ETag is refused with 412 PreconditionFailed.',
      sources.rest,
      async (hub) => {
        const { deviceId, etag: old } = await hub.createDevice();
        await hub.prepare(`PUT /devices/${deviceId}`, {
          body: { deviceId },
          headers: ifMatch('*'),
        });
        const answer = await hub.send(`PUT /devices/${deviceId}`, {
          body: { deviceId },
          headers: ifMatch(`"${old}"`),
        });
        expectRefusal(answer, 412, 'PreconditionFailed');
      },
    ),
    must(
      'IDN-12',
      'An update is a full replacement: without authentication the keys are new.',
      sources.observed,
      async (hub) => {
        const { deviceId, key: old } = await hub.createDevice();
        const answer = await hub.send(`PUT /devices/${deviceId}`, {
          body: { deviceId },
          headers: ifMatch('*'),
        });
        expectAnswer(answer, {
          status: 200,
          body: { authentication: { symmetricKey: { primaryKey: key } } },
        });
        const primary = readText(answer.body, 'authentication.symmetricKey.primaryKey');
        if (primary === old) fail(primary, 'another key', 'primaryKey');
      },
    ),
    must(
      'IDN-13',
      'An update of the identity leaves the version and the ETag of the twin alone.',
      sources.observed,
      async (hub) => {
        const { deviceId } = await hub.createDevice();
        await hub.prepare(`PUT /devices/${deviceId}`, {
          body: { deviceId },
          headers: ifMatch('*'),
        });
        expectAnswer(await hub.send(`GET /twins/${deviceId}`), {
          status: 200,
          body: { version: 2, etag: 'AAAAAAAAAAE=' },
        });
      },
    ),
    must(
      'IDN-14',
      'A DELETE without If-Match is refused with 412 PreconditionFailed.',
      sources.observed,
      async (hub) => {
        const { deviceId } = await hub.createDevice();
        expectRefusal(await hub.send(`DELETE /devices/${deviceId}`), 412, 'PreconditionFailed');
      },
    ),
    must(
      'IDN-15',
      'A DELETE answers 204 without a body, and the device is gone.',
      sources.pythonService,
      async (hub) => {
        const { deviceId } = await hub.createDevice();
        const answer = await hub.send(`DELETE /devices/${deviceId}`, { headers: ifMatch('*') });
        expectAnswer(answer, { status: 204 });
        if (answer.body !== undefined) fail(answer.body, 'empty', 'body');
        expectRefusal(await hub.send(`GET /devices/${deviceId}`), 404, 'DeviceNotFound');
      },
    ),
    must(
      'IDN-16',
      'A DELETE of a device that is missing is refused with 404 DeviceNotFound.',
      sources.observed,
      async (hub) => {
        const answer = await hub.send(`DELETE /devices/${hub.newId()}`, { headers: ifMatch('*') });
        expectRefusal(answer, 404, 'DeviceNotFound');
      },
    ),
    must(
      'IDN-17',
      'A DELETE with an old ETag is refused with 412 PreconditionFailed.',
      sources.rest,
      async (hub) => {
        const { deviceId, etag: old } = await hub.createDevice();
        await hub.prepare(`PUT /devices/${deviceId}`, {
          body: { deviceId },
          headers: ifMatch('*'),
        });
        const answer = await hub.send(`DELETE /devices/${deviceId}`, {
          headers: ifMatch(`"${old}"`),
        });
        expectRefusal(answer, 412, 'PreconditionFailed');
      },
    ),
    must(
      'IDN-18',
      'A device that is deleted and created again has another generationId and a fresh twin.',
      sources.registry,
      async (hub) => {
        const { deviceId } = await hub.createDevice({ twin: { tags: { old: true } } });
        const before = await hub.prepare(`GET /devices/${deviceId}`);
        await hub.prepare(`DELETE /devices/${deviceId}`, { headers: ifMatch('*') });
        const after = await hub.send(`PUT /devices/${deviceId}`, { body: { deviceId } });
        expectAnswer(after, { status: 200 });
        const [old, young] = [before, after].map(({ body }) => readText(body, 'generationId'));
        if (old === young) fail(young, 'another generationId', 'generationId');
        expectAnswer(await hub.send(`GET /twins/${deviceId}`), {
          status: 200,
          body: { version: 2, tags: { old: undefined } },
        });
      },
    ),
    must(
      'IDN-19',
      'Disabling a device is told with its reason and its time, also in the twin.',
      sources.registry,
      async (hub) => {
        const { deviceId } = await hub.createDevice();
        const answer = await hub.send(`PUT /devices/${deviceId}`, {
          body: { deviceId, status: 'disabled', statusReason: 'stolen' },
          headers: ifMatch('*'),
        });
        expectAnswer(answer, {
          status: 200,
          body: { status: 'disabled', statusReason: 'stolen', statusUpdatedTime: /^20\d\d-.*T/ },
        });
        expectAnswer(await hub.send(`GET /twins/${deviceId}`), {
          status: 200,
          body: { status: 'disabled', statusUpdateTime: /^20\d\d-.*T.*Z$/ },
        });
      },
    ),
    must(
      'IDN-20',
      'One key without the other is refused with 400 ArgumentInvalid.',
      sources.observed,
      async (hub) => {
        const deviceId = hub.newId();
        const symmetricKey = { primaryKey: keyOf(32), secondaryKey: '' };
        const body = { deviceId, authentication: { type: 'sas', symmetricKey } };
        expectRefusal(await hub.send(`PUT /devices/${deviceId}`, { body }), 400, 'ArgumentInvalid');
      },
    ),
    must(
      'IDN-21',
      'Keys of fewer than 16 or more than 64 bytes are refused with 400 ArgumentInvalid.',
      sources.observed,
      async (hub) => {
        for (const bytes of [15, 65]) {
          const deviceId = hub.newId();
          const symmetricKey = { primaryKey: keyOf(bytes), secondaryKey: keyOf(bytes) };
          const body = { deviceId, authentication: { type: 'sas', symmetricKey } };
          const answer = await hub.send(`PUT /devices/${deviceId}`, { body });
          expectRefusal(answer, 400, 'ArgumentInvalid');
        }
      },
    ),
    must(
      'IDN-22',
      'Thumbprints of 40 and of 64 digits are kept as they are written, and there are no keys.',
      sources.registry,
      async (hub) => {
        const deviceId = hub.newId();
        const x509Thumbprint = {
          primaryThumbprint: 'aB'.repeat(20),
          secondaryThumbprint: '0F'.repeat(32),
        };
        const body = { deviceId, authentication: { type: 'selfSigned', x509Thumbprint } };
        expectAnswer(await hub.send(`PUT /devices/${deviceId}`, { body }), {
          status: 200,
          body: {
            authentication: {
              type: 'selfSigned',
              symmetricKey: { primaryKey: null, secondaryKey: null },
              x509Thumbprint,
            },
          },
        });
      },
    ),
    must(
      'IDN-23',
      'A thumbprint of another length is refused with 400 StringIsNotThumbprint.',
      sources.observed,
      async (hub) => {
        const deviceId = hub.newId();
        const x509Thumbprint = { primaryThumbprint: 'AB:CD' };
        const body = { deviceId, authentication: { type: 'selfSigned', x509Thumbprint } };
        const answer = await hub.send(`PUT /devices/${deviceId}`, { body });
        expectRefusal(answer, 400, 'StringIsNotThumbprint');
      },
    ),
    should(
      'IDN-24',
      'A device of authentication type none is refused with 400 DeviceAuthenticationTypeIsMissing.',
      sources.observed,
      async (hub) => {
        const deviceId = hub.newId();
        const body = { deviceId, authentication: { type: 'none' } };
        const answer = await hub.send(`PUT /devices/${deviceId}`, { body });
        expectRefusal(answer, 400, 'DeviceAuthenticationTypeIsMissing');
      },
    ),
    must(
      'IDN-25',
      'An id with a space, or of more than 128 characters, is refused with 400 ArgumentInvalid.',
      sources.registry,
      async (hub) => {
        for (const deviceId of ['a b', 'x'.repeat(129)]) {
          const answer = await hub.send(`PUT /devices/${encodeURIComponent(deviceId)}`, {
            body: { deviceId },
          });
          expectRefusal(answer, 400, 'ArgumentInvalid');
        }
      },
    ),
    must('IDN-26', 'Ids differ by their letter case.', sources.registry, async (hub) => {
      const { deviceId } = await hub.createDevice();
      const answer = await hub.send(`GET /devices/${deviceId.toUpperCase()}`);
      expectRefusal(answer, 404, 'DeviceNotFound');
    }),
    must(
      'IDN-27',
      'Ids may have the punctuation of the documentation, percent-encoded in paths.',
      sources.registry,
      async (hub) => {
        const deviceId = `${hub.newId()}-.+%_#*?!(),:=@$'`;
        const path = `/devices/${encodeURIComponent(deviceId)}`;
        expectAnswer(await hub.send(`PUT ${path}`, { body: { deviceId } }), {
          status: 200,
          body: { deviceId },
        });
        expectAnswer(await hub.send(`DELETE ${path}`, { headers: ifMatch('*') }), { status: 204 });
      },
    ),
    must(
      'IDN-28',
      'A body that names another device than the path is refused with 400 ArgumentInvalid.',
      sources.rest,
      async (hub) => {
        const body = { deviceId: hub.newId() };
        const answer = await hub.send(`PUT /devices/${hub.newId()}`, { body });
        expectRefusal(answer, 400, 'ArgumentInvalid');
      },
    ),
    must(
      'IDN-29',
      'A reason of more than 128 characters is refused with 400 ArgumentInvalid.',
      sources.registry,
      async (hub) => {
        const deviceId = hub.newId();
        const body = { deviceId, statusReason: 'x'.repeat(129) };
        expectRefusal(await hub.send(`PUT /devices/${deviceId}`, { body }), 400, 'ArgumentInvalid');
      },
    ),
    must(
      'IDN-30',
      'The list of devices is a bare array, and top limits it; a slash may end its path.',
      sources.nodeService,
      async (hub) => {
        await hub.createDevice();
        await hub.createDevice();
        expectAnswer(await hub.send('GET /devices/?top=1'), {
          status: 200,
          body: [{ deviceId: /./, etag }],
        });
      },
    ),
    must(
      'IDN-31',
      'A device that is missing is refused with 404, in the header, and in the envelope with its id.',
      sources.errors,
      async (hub) => {
        const deviceId = hub.newId();
        const answer = await hub.send(`GET /devices/${deviceId}`);
        expectRefusal(answer, 404, 'DeviceNotFound');
        expectAnswer(answer, {
          status: 404,
          body: { Message: new RegExp(`^ErrorCode:DeviceNotFound;.*${deviceId}`) },
        });
      },
    ),
    must('IDN-32', 'The statistics of devices are the three counts.', sources.rest, async (hub) => {
      await hub.createDevice({ identity: { status: 'disabled' } });
      const answer = await hub.send('GET /statistics/devices');
      expectAnswer(answer, { status: 200 });
      const text = JSON.stringify(answer.body);
      expectAnswer(
        { ...answer, body: text },
        {
          status: 200,
          body: /^{"totalDeviceCount":\d+,"enabledDeviceCount":\d+,"disabledDeviceCount":\d+}$/,
        },
      );
    }),
    must(
      'IDN-33',
      'The statistics of the service are the number of connected devices.',
      sources.rest,
      async (hub) => {
        const answer = await hub.send('GET /statistics/service');
        expectAnswer(
          { ...answer, body: JSON.stringify(answer.body) },
          { status: 200, body: /^{"connectedDeviceCount":\d+}$/ },
        );
      },
    ),
    must(
      'IDN-34',
      'An edge device gets a scope and the two modules of the runtime, which need no keys.',
      sources.edge,
      async (hub) => {
        const deviceId = hub.newId();
        const body = { deviceId, capabilities: { iotEdge: true } };
        expectAnswer(await hub.send(`PUT /devices/${deviceId}`, { body }), {
          status: 200,
          body: {
            capabilities: { iotEdge: true },
            deviceScope: new RegExp(`^ms-azure-iot-edge://${deviceId}-\\d+$`),
          },
        });
        const runtime = { managedBy: 'iotEdge', authentication: { type: 'none' } };
        expectAnswer(await hub.send(`GET /devices/${deviceId}/modules`), {
          status: 200,
          body: [
            { moduleId: '$edgeAgent', ...runtime },
            { moduleId: '$edgeHub', ...runtime },
          ],
        });
      },
    ),
    should(
      'IDN-35',
      'The scope of an edge device is immutable: an update must repeat it.',
      sources.observed,
      async (hub) => {
        const { deviceId } = await hub.createDevice({
          identity: { capabilities: { iotEdge: true } },
        });
        const answer = await hub.send(`PUT /devices/${deviceId}`, {
          body: { deviceId, capabilities: { iotEdge: true }, deviceScope: 'another' },
          headers: ifMatch('*'),
        });
        expectRefusal(answer, 400, 'ArgumentInvalid');
      },
    ),
    may(
      'IDN-36',
      'A device behind an edge device has the scope of that among its parentScopes.',
      sources.observed,
      async (hub) => {
        const edge = await hub.createDevice({ identity: { capabilities: { iotEdge: true } } });
        const parent = await hub.prepare(`GET /devices/${edge.deviceId}`);
        const deviceScope = readText(parent.body, 'deviceScope');
        const deviceId = hub.newId();
        const body = { deviceId, deviceScope };
        expectAnswer(await hub.send(`PUT /devices/${deviceId}`, { body }), {
          status: 200,
          body: { deviceScope, parentScopes: [deviceScope] },
        });
      },
    ),
  ],
};
