import { type Area, must, should } from '../check.js';
import { sources } from '../sources.js';
import { expectAnswer, expectRefusal } from '../support/http.js';

const star = { 'If-Match': '*' };

export const modules: Area = {
  title: 'Module identities',
  checks: [
    must(
      'MOD-01',
      'A PUT of a new module answers 200 with the identity, which has no status of its own.',
      sources.observed,
      async (hub) => {
        const { deviceId } = await hub.createDevice();
        const body = { deviceId, moduleId: 'm1' };
        expectAnswer(await hub.send(`PUT /devices/${deviceId}/modules/m1`, { body }), {
          status: 200,
          body: {
            deviceId,
            moduleId: 'm1',
            managedBy: null,
            connectionState: 'Disconnected',
            authentication: { type: 'sas', symmetricKey: { primaryKey: /^.{43}=$/ } },
            status: undefined,
          },
        });
      },
    ),
    must(
      'MOD-02',
      'A PUT without If-Match of a module that exists is 409 ModuleAlreadyExistsOnDevice.',
      sources.observed,
      async (hub) => {
        const device = await hub.createDevice();
        await hub.createModule(device, 'm1');
        const body = { deviceId: device.deviceId, moduleId: 'm1' };
        const answer = await hub.send(`PUT /devices/${device.deviceId}/modules/m1`, { body });
        expectRefusal(answer, 409, 'ModuleAlreadyExistsOnDevice');
      },
    ),
    must(
      'MOD-03',
      'A module that is missing is refused with 404 ModuleNotFound.',
      sources.errors,
      async (hub) => {
        const { deviceId } = await hub.createDevice();
        const answer = await hub.send(`GET /devices/${deviceId}/modules/none`);
        expectRefusal(answer, 404, 'ModuleNotFound');
      },
    ),
    must(
      'MOD-04',
      'Users may not create modules whose ids start with $.',
      sources.observed,
      async (hub) => {
        const { deviceId } = await hub.createDevice();
        const body = { deviceId, moduleId: '$mine' };
        const answer = await hub.send(`PUT /devices/${deviceId}/modules/$mine`, { body });
        expectRefusal(answer, 400, 'ArgumentInvalid');
      },
    ),
    must('MOD-05', 'The modules of a device are a bare array.', sources.rest, async (hub) => {
      const device = await hub.createDevice();
      await hub.createModule(device, 'm1');
      await hub.createModule(device, 'm2');
      expectAnswer(await hub.send(`GET /devices/${device.deviceId}/modules`), {
        status: 200,
        body: [{ moduleId: 'm1' }, { moduleId: 'm2' }],
      });
    }),
    must(
      'MOD-06',
      'A DELETE of a module needs If-Match, and answers 204.',
      sources.observed,
      async (hub) => {
        const device = await hub.createDevice();
        await hub.createModule(device, 'm1');
        const path = `/devices/${device.deviceId}/modules/m1`;
        expectRefusal(await hub.send(`DELETE ${path}`), 412, 'PreconditionFailed');
        expectAnswer(await hub.send(`DELETE ${path}`, { headers: star }), { status: 204 });
      },
    ),
    should(
      'MOD-07',
      'Module calls on a device that is missing are refused with 401, not 404.',
      sources.observed,
      async (hub) => {
        const answer = await hub.send(`GET /devices/${hub.newId()}/modules`);
        expectRefusal(answer, 401, 'IotHubUnauthorizedAccess');
      },
    ),
    should(
      'MOD-08',
      'Module calls on a device that is disabled are refused with 401.',
      sources.observed,
      async (hub) => {
        const { deviceId } = await hub.createDevice({ identity: { status: 'disabled' } });
        const answer = await hub.send(`GET /devices/${deviceId}/modules`);
        expectRefusal(answer, 401, 'IotHubUnauthorizedAccess');
      },
    ),
    must(
      'MOD-09',
      'The twin of a module that is missing is refused with 404 DeviceNotFound.',
      sources.observed,
      async (hub) => {
        const { deviceId } = await hub.createDevice();
        const answer = await hub.send(`GET /twins/${deviceId}/modules/none`);
        expectRefusal(answer, 404, 'DeviceNotFound');
      },
    ),
    must(
      'MOD-10',
      'A module has a twin of its own, which names both ids.',
      sources.modules,
      async (hub) => {
        const device = await hub.createDevice({ twin: { tags: { of: 'the device' } } });
        await hub.createModule(device, 'm1');
        const path = `/twins/${device.deviceId}/modules/m1`;
        const body = { tags: { of: 'the module' } };
        expectAnswer(await hub.send(`PATCH ${path}`, { body }), {
          status: 200,
          body: {
            deviceId: device.deviceId,
            moduleId: 'm1',
            version: 3,
            tags: { of: 'the module' },
          },
        });
      },
    ),
    must(
      'MOD-11',
      'Deleting a device deletes its modules: they are not there when it is created again.',
      sources.registry,
      async (hub) => {
        const device = await hub.createDevice();
        await hub.createModule(device, 'm1');
        const path = `/devices/${device.deviceId}`;
        await hub.prepare(`DELETE ${path}`, { headers: star });
        await hub.prepare(`PUT ${path}`, { body: { deviceId: device.deviceId } });
        expectAnswer(await hub.send(`GET ${path}/modules`), { status: 200, body: [] });
      },
    ),
    should(
      'MOD-12',
      'A module of authentication type none becomes one with keys.',
      sources.observed,
      async (hub) => {
        const { deviceId } = await hub.createDevice();
        const body = { deviceId, moduleId: 'm1', authentication: { type: 'none' } };
        expectAnswer(await hub.send(`PUT /devices/${deviceId}/modules/m1`, { body }), {
          status: 200,
          body: { authentication: { type: 'sas', symmetricKey: { primaryKey: /^.{43}=$/ } } },
        });
      },
    ),
    should(
      'MOD-13',
      'A device has at most 50 modules; the next is refused with 413 TooManyModulesOnDevice.',
      sources.quotas,
      async (hub) => {
        const device = await hub.createDevice();
        const names = Array.from({ length: 50 }, (_, index) => `m${index}`);
        await hub.prepare('POST /devices', {
          body: names.map((moduleId) => ({
            id: device.deviceId,
            moduleId,
            importMode: 'create',
          })),
        });
        const body = { deviceId: device.deviceId, moduleId: 'last' };
        const answer = await hub.send(`PUT /devices/${device.deviceId}/modules/last`, { body });
        expectRefusal(answer, 413, 'TooManyModulesOnDevice');
      },
    ),
  ],
};
