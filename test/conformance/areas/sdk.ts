import azureIotCommon from 'azure-iot-common';
import type azureIotDevice from 'azure-iot-device';
import { type Area, must, should } from '../check.js';
import { sources } from '../sources.js';
import { expectMatch, read } from '../support/match.js';
import { openSdk } from '../support/sdk.js';

/** What a device reports; the SDK says by a callback when the hub has it. */
function report(twin: azureIotDevice.Twin, properties: object): Promise<void> {
  return new Promise((resolve, reject) => {
    twin.properties.reported['update'](properties, (error?: Error) =>
      error ? reject(error) : resolve(),
    );
  });
}

export const sdk: Area = {
  title: 'The official SDKs of Node.js',
  driver: 'azure-iothub and azure-iot-device-mqtt, unmodified',
  checks: [
    must(
      'SDK-01',
      'Registry.create gives a device with two keys of 44 characters, and Registry.get the same.',
      sources.nodeService,
      async (hub) => {
        const { registry, done } = openSdk(hub);
        const deviceId = hub.newId();
        const created = await done(registry.create({ deviceId }));
        const found = await done(registry.get(deviceId));
        const keys = { primaryKey: /^.{44}$/, secondaryKey: /^.{44}$/ };
        const expected = { deviceId, status: 'enabled', authentication: { symmetricKey: keys } };
        expectMatch(created.responseBody, expected, 'created');
        expectMatch(found.responseBody, expected, 'found');
      },
    ),
    must(
      'SDK-02',
      'Registry.get of a device that does not exist fails with DeviceNotFoundError.',
      sources.nodeService,
      async (hub) => {
        const { registry, failure } = openSdk(hub);
        const error = await failure(registry.get(hub.newId()));
        expectMatch(error.name, 'DeviceNotFoundError', 'error');
        const body = /"Message":"ErrorCode:DeviceNotFound;/;
        expectMatch(Reflect.get(error, 'responseBody'), body, 'responseBody');
      },
    ),
    must(
      'SDK-03',
      'Registry.create of a device that exists fails with DeviceAlreadyExistsError, and the code in the body.',
      sources.nodeService,
      async (hub) => {
        const { registry, failure } = openSdk(hub);
        const { deviceId } = await hub.createDevice();
        const error = await failure(registry.create({ deviceId }));
        expectMatch(error.name, 'DeviceAlreadyExistsError', 'error');
        const body = /"Message":"ErrorCode:DeviceAlreadyExists;/;
        expectMatch(Reflect.get(error, 'responseBody'), body, 'responseBody');
      },
    ),
    must(
      'SDK-04',
      'Registry.updateTwin merges, and fails with InvalidEtagError under an ETag that is old.',
      sources.nodeService,
      async (hub) => {
        const { registry, done, failure } = openSdk(hub);
        const { deviceId } = await hub.createDevice({ twin: { tags: { keep: 1 } } });
        const patch = { tags: { site: 'münchen' } };
        const { responseBody } = await done(registry.updateTwin(deviceId, patch, '*'));
        expectMatch(responseBody, { deviceId, tags: { keep: 1, site: 'münchen' } }, 'twin');
        const late = registry.updateTwin(deviceId, patch, 'AAAAAAAAAAE=');
        expectMatch((await failure(late)).name, 'InvalidEtagError', 'error');
      },
    ),
    must(
      'SDK-05',
      'A query is read page by page until there are no more results.',
      sources.nodeService,
      async (hub) => {
        const { registry, done } = openSdk(hub);
        const batch = hub.newId();
        const twin = { tags: { batch } };
        for (let made = 0; made < 3; made += 1) await hub.createDevice({ twin });
        const text = `SELECT * FROM devices WHERE tags.batch = '${batch}'`;
        await hub.until('POST /devices/query', (body) => Array.isArray(body) && body.length === 3, {
          body: { query: text },
        });
        const query = registry.createQuery(text, 2);
        const first = await done(query.nextAsTwin());
        expectMatch(query.hasMoreResults, true, 'more after the first page');
        const second = await done(query.nextAsTwin());
        expectMatch(query.hasMoreResults, false, 'more after the second page');
        expectMatch([first.result.length, second.result.length], [2, 1], 'pages');
        expectMatch(read(first.result[0], 'tags'), { batch }, 'tags');
      },
    ),
    must(
      'SDK-06',
      'Client.invokeDeviceMethod brings the payload to the device, and its answer back.',
      sources.nodeService,
      async (hub) => {
        const { service, connectDevice, done } = openSdk(hub);
        const client = await hub.createDevice();
        const device = await connectDevice(client);
        device.onDeviceMethod('reboot', (request, response) => {
          response.send(202, { echo: request.payload }, () => {});
        });
        const call = service.invokeDeviceMethod(client.deviceId, {
          methodName: 'reboot',
          payload: { delay: 'für immer' },
          connectTimeoutInSeconds: 5,
          responseTimeoutInSeconds: 5,
        });
        const expected = { status: 202, payload: { echo: { delay: 'für immer' } } };
        expectMatch((await done(call)).result, expected, 'result');
      },
    ),
    must(
      'SDK-07',
      'Client.invokeDeviceMethod of a device that is away fails, with 404103 in the body.',
      sources.nodeService,
      async (hub) => {
        const { service, failure } = openSdk(hub);
        const { deviceId } = await hub.createDevice();
        const call = service.invokeDeviceMethod(deviceId, { methodName: 'x', payload: null });
        const body = Reflect.get(await failure(call), 'responseBody');
        expectMatch(body, /^\{"Message":"\{\\"errorCode\\":404103,/, 'responseBody');
      },
    ),
    must(
      'SDK-08',
      'Twin.properties.reported.update ends well, and the service sees what was reported.',
      sources.nodeDevice,
      async (hub) => {
        const { registry, connectDevice, done } = openSdk(hub);
        const client = await hub.createDevice({ twin: { properties: { desired: { a: 1 } } } });
        const device = await connectDevice(client);
        const twin = await done(device.getTwin());
        expectMatch(twin.properties.desired, { a: 1, $version: 2 }, 'desired');
        await done(report(twin, { lastReboot: 'now' }));
        const { responseBody } = await done(registry.getTwin(client.deviceId));
        const reported = { lastReboot: 'now', $version: 2 };
        expectMatch(responseBody, { properties: { reported } }, 'twin');
      },
    ),
    must(
      'SDK-09',
      'A report that the hub refuses ends with an error, which says what the hub says.',
      sources.nodeDevice,
      async (hub) => {
        const { connectDevice, done, failure } = openSdk(hub);
        const device = await connectDevice(await hub.createDevice());
        const twin = await done(device.getTwin());
        const { message } = await failure(report(twin, { 'a.b': 1 }));
        expectMatch(message, /^[A-Z]/, 'message');
      },
    ),
    must(
      'SDK-10',
      'A device hears of its desired properties by the event properties.desired.',
      sources.nodeDevice,
      async (hub) => {
        const { connectDevice, done } = openSdk(hub);
        const client = await hub.createDevice();
        const device = await connectDevice(client);
        const twin = await done(device.getTwin());
        const arrival = new Promise<object>((resolve) => {
          twin.on('properties.desired', (delta) => {
            if (delta.$version > 1) resolve(delta);
          });
        });
        // The SDK does not say when its subscription is granted, so the wish is made again and again.
        const wish = { body: { properties: { desired: { interval: 60 } } } };
        const path = `/twins/${client.deviceId}`;
        let arrived = false;
        void arrival.then(() => {
          arrived = true;
        });
        await hub.until(`PATCH ${path}`, () => arrived, wish);
        expectMatch(await arrival, { interval: 60 }, 'delta');
      },
    ),
    must(
      'SDK-11',
      'Client.sendEvent of a device ends once the hub has the message.',
      sources.nodeDevice,
      async (hub) => {
        const { connectDevice, done } = openSdk(hub);
        const device = await connectDevice(await hub.createDevice());
        const result = await done(device.sendEvent(new azureIotCommon.Message('{"t":21}')));
        expectMatch(result?.constructor.name, 'MessageEnqueued', 'result');
      },
    ),
    must(
      'SDK-12',
      'A message to a device arrives as the event message, and completed it is gone.',
      sources.nodeDevice,
      async (hub) => {
        const { connectDevice, done } = openSdk(hub);
        const client = await hub.createDevice();
        const device = await connectDevice(client);
        const arrival = new Promise<azureIotCommon.Message>((resolve) => {
          device.on('message', (message: azureIotCommon.Message) => {
            device.complete(message, () => resolve(message));
          });
        });
        const amqp = await hub.connectAmqp();
        await amqp.send({
          to: `/devices/${client.deviceId}/messages/devicebound`,
          message_id: 'm 1',
          application_properties: { 'colour & more': 'blau/grün' },
          body: Buffer.from('grüße'),
        });
        const message = await done(arrival);
        expectMatch(message.getData().toString(), 'grüße', 'data');
        expectMatch(message.messageId, 'm 1', 'messageId');
        const property = { key: 'colour & more', value: 'blau/grün' };
        expectMatch({ ...message.properties.getItem(0) }, property, 'property');
        const line = `GET /devices/${client.deviceId}`;
        await hub.until(line, (body) => read(body, 'cloudToDeviceMessageCount') === 0);
      },
      'amqp',
    ),
    must(
      'SDK-13',
      'A device whose key is wrong is let in nowhere: open fails with UnauthorizedError.',
      sources.nodeDevice,
      async (hub) => {
        const { createDevice, failure } = openSdk(hub);
        const key = Buffer.alloc(32).toString('base64');
        const device = await createDevice({ ...(await hub.createDevice()), key });
        expectMatch((await failure(device.open())).name, 'UnauthorizedError', 'error');
      },
    ),
    should(
      'SDK-14',
      'JobClient.scheduleTwinUpdate is queued, and JobClient.getJob tells how it ended.',
      sources.nodeService,
      async (hub) => {
        const { jobs, done } = openSdk(hub);
        const { deviceId } = await hub.createDevice();
        const jobId = hub.newId();
        const condition = `deviceId = '${deviceId}'`;
        const scheduled = await done(
          jobs.scheduleTwinUpdate(jobId, condition, { tags: { done: true } }),
        );
        expectMatch(scheduled.jobStatus, { jobId, status: 'queued' }, 'scheduled');
        await hub.until(`GET /jobs/v2/${jobId}`, (body) => read(body, 'status') === 'completed');
        const { jobStatus } = await done(jobs.getJob(jobId));
        expectMatch(jobStatus, { jobId, status: 'completed' }, 'job');
      },
    ),
  ],
};
