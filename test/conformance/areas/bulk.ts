import { type Area, must } from '../check.js';
import { sources } from '../sources.js';
import { expectAnswer, expectRefusal } from '../support/http.js';

export const bulk: Area = {
  title: 'Bulk registry operations',
  checks: [
    must(
      'BLK-01',
      'When all entries succeed the answer is 200, isSuccessful, with two empty lists.',
      sources.rest,
      async (hub) => {
        const body = [hub.newId(), hub.newId()].map((id) => ({ id, importMode: 'create' }));
        expectAnswer(await hub.send('POST /devices', { body }), {
          status: 200,
          body: { isSuccessful: true, errors: [], warnings: [] },
        });
      },
    ),
    must(
      'BLK-02',
      'One failure makes it 400 and is told with its device; the other entries are carried out.',
      sources.observed,
      async (hub) => {
        const { deviceId: existing } = await hub.createDevice();
        const fresh = hub.newId();
        const body = [existing, fresh].map((id) => ({ id, importMode: 'create' }));
        expectAnswer(await hub.send('POST /devices', { body }), {
          status: 400,
          body: {
            isSuccessful: false,
            errors: [{ deviceId: existing, errorCode: 409001, errorStatus: 'DeviceAlreadyExists' }],
          },
        });
        expectAnswer(await hub.send(`GET /devices/${fresh}`), { status: 200 });
      },
    ),
    must(
      'BLK-03',
      'The import mode may be written in any letter case.',
      sources.nodeService,
      async (hub) => {
        const { deviceId } = await hub.createDevice();
        const body = [{ id: deviceId, importMode: 'Update', status: 'disabled' }];
        expectAnswer(await hub.send('POST /devices', { body }), {
          status: 200,
          body: { isSuccessful: true },
        });
        expectAnswer(await hub.send(`GET /devices/${deviceId}`), {
          status: 200,
          body: { status: 'disabled' },
        });
      },
    ),
    must(
      'BLK-04',
      'UpdateIfMatchETag with an old ETag fails with 412001 for that device.',
      sources.rest,
      async (hub) => {
        const { deviceId } = await hub.createDevice();
        const body = [{ id: deviceId, eTag: 'b2xk', importMode: 'UpdateIfMatchETag' }];
        expectAnswer(await hub.send('POST /devices', { body }), {
          status: 400,
          body: { errors: [{ deviceId, errorCode: 412001, errorStatus: 'PreconditionFailed' }] },
        });
      },
    ),
    must('BLK-05', 'Delete removes the devices.', sources.nodeService, async (hub) => {
      const { deviceId } = await hub.createDevice();
      const body = [{ id: deviceId, importMode: 'Delete' }];
      expectAnswer(await hub.send('POST /devices', { body }), {
        status: 200,
        body: { isSuccessful: true },
      });
      expectRefusal(await hub.send(`GET /devices/${deviceId}`), 404, 'DeviceNotFound');
    }),
    must('BLK-06', 'updateTwin patches the twins.', sources.rest, async (hub) => {
      const { deviceId } = await hub.createDevice({ twin: { tags: { a: 1 } } });
      const body = [{ id: deviceId, importMode: 'updateTwin', tags: { b: 2 } }];
      expectAnswer(await hub.send('POST /devices', { body }), {
        status: 200,
        body: { isSuccessful: true },
      });
      expectAnswer(await hub.send(`GET /twins/${deviceId}`), {
        status: 200,
        body: { tags: { a: 1, b: 2 } },
      });
    }),
    must('BLK-07', 'More than 100 entries are refused as a whole.', sources.rest, async (hub) => {
      const prefix = hub.newId();
      const body = Array.from({ length: 101 }, (_, index) => ({
        id: `${prefix}-${index}`,
        importMode: 'delete',
      }));
      expectAnswer(await hub.send('POST /devices', { body }), { status: 400 });
    }),
    must(
      'BLK-08',
      'A device that is named twice fails with 400011 the second time.',
      sources.errors,
      async (hub) => {
        const id = hub.newId();
        const body = [
          { id, importMode: 'create' },
          { id, importMode: 'create' },
        ];
        expectAnswer(await hub.send('POST /devices', { body }), {
          status: 400,
          body: {
            errors: [
              { deviceId: id, errorCode: 400011, errorStatus: 'DeviceDefinedMultipleTimes' },
            ],
          },
        });
      },
    ),
    must(
      'BLK-09',
      'A new device may bring its tags and desired properties along.',
      sources.rest,
      async (hub) => {
        const id = hub.newId();
        const body = [
          {
            id,
            importMode: 'create',
            tags: { site: 'muc' },
            properties: { desired: { interval: 5 } },
          },
        ];
        expectAnswer(await hub.send('POST /devices', { body }), { status: 200 });
        expectAnswer(await hub.send(`GET /twins/${id}`), {
          status: 200,
          body: { tags: { site: 'muc' }, properties: { desired: { interval: 5 } } },
        });
      },
    ),
    must(
      'BLK-10',
      'Updating a device that is missing fails with 404001 for that device.',
      sources.rest,
      async (hub) => {
        const id = hub.newId();
        const body = [{ id, importMode: 'update' }];
        expectAnswer(await hub.send('POST /devices', { body }), {
          status: 400,
          body: {
            errors: [{ deviceId: id, errorCode: 404001, errorStatus: 'DeviceNotFound' }],
          },
        });
      },
    ),
  ],
};
