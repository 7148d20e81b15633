import { type Area, may, must, should } from '../check.js';
import { sources } from '../sources.js';
import { type Answer, expectAnswer, expectRefusal } from '../support/http.js';
import type { Hub } from '../support/hub.js';

const time = /^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,7})?Z$/;

/** A PATCH of the tags of a new device. */
async function patchTags(hub: Hub, tags: unknown): Promise<Answer> {
  const { deviceId } = await hub.createDevice();
  return await hub.send(`PATCH /twins/${deviceId}`, { body: { tags } });
}

/** The same of its desired properties. */
async function patchDesired(hub: Hub, desired: unknown): Promise<Answer> {
  const { deviceId } = await hub.createDevice();
  return await hub.send(`PATCH /twins/${deviceId}`, { body: { properties: { desired } } });
}

/** So many levels below the root, with a number in the innermost. */
function nest(levels: number): object {
  let value: object = { leaf: 1 };
  for (let level = 0; level < levels; level += 1) value = { below: value };
  return value;
}

/** So many bytes in strings that are short enough. */
function fill(bytes: number): Record<string, string> {
  const parts = Math.ceil(bytes / 4000);
  return Object.fromEntries(
    Array.from({ length: parts }, (_, index) => [
      `p${String(index).padStart(3, '0')}`,
      'x'.repeat(Math.min(4000, bytes - index * 4000)),
    ]),
  );
}

const refusedTags: readonly (readonly [id: string, what: string, tags: unknown])[] = [
  ['TWN-30', 'A name with a dot', { 'a.b': 1 }],
  ['TWN-31', 'A name with a $', { a$b: 1 }],
  ['TWN-32', 'A name with a #', { 'a#b': 1 }],
  ['TWN-33', 'A name with a space', { 'a b': 1 }],
  ['TWN-34', 'A name with a control character', { 'a\u0001b': 1 }],
  ['TWN-35', 'A name of more than 1024 bytes', { ['é'.repeat(513)]: 1 }],
  ['TWN-36', 'A string of more than 4096 bytes', { a: 'é'.repeat(2049) }],
  ['TWN-37', 'The integer 2^52', { a: 4503599627370496 }],
  ['TWN-38', 'An eleventh level', nest(11)],
  ['TWN-39', 'A null in an array', { a: [1, null] }],
  ['TWN-40', 'A null in an object in an array', { a: [{ b: null }] }],
  ['TWN-41', 'More than 8 KB of tags', fill(8193)],
];

export const twins: Area = {
  title: 'Device twins',
  checks: [
    must(
      'TWN-01',
      'A fresh twin is at version 2, its sections at 1, and has the documented members.',
      sources.twins,
      async (hub) => {
        const { deviceId, etag } = await hub.createDevice();
        expectAnswer(await hub.send(`GET /twins/${deviceId}`), {
          status: 200,
          headers: { etag: '"AAAAAAAAAAE="' },
          body: {
            deviceId,
            etag: 'AAAAAAAAAAE=',
            deviceEtag: etag,
            status: 'enabled',
            statusUpdateTime: '0001-01-01T00:00:00Z',
            connectionState: 'Disconnected',
            lastActivityTime: '0001-01-01T00:00:00Z',
            cloudToDeviceMessageCount: 0,
            authenticationType: 'sas',
            x509Thumbprint: { primaryThumbprint: null, secondaryThumbprint: null },
            modelId: '',
            version: 2,
            properties: {
              desired: { $metadata: { $lastUpdated: time }, $version: 1 },
              reported: { $metadata: { $lastUpdated: time }, $version: 1 },
            },
            capabilities: { iotEdge: false },
            moduleId: undefined,
            deviceScope: undefined,
            generationId: undefined,
          },
        });
      },
    ),
    must(
      'TWN-02',
      'A write of tags moves the version and the ETag, and leaves the sections alone.',
      sources.twins,
      async (hub) => {
        expectAnswer(await patchTags(hub, { site: 'muc' }), {
          status: 200,
          headers: { etag: '"AAAAAAAAAAI="' },
          body: {
            version: 3,
            etag: 'AAAAAAAAAAI=',
            tags: { site: 'muc' },
            properties: { desired: { $version: 1 }, reported: { $version: 1 } },
          },
        });
      },
    ),
    must(
      'TWN-03',
      'A write of desired properties moves their $version, the version and the ETag.',
      sources.twins,
      async (hub) => {
        expectAnswer(await patchDesired(hub, { interval: 60 }), {
          status: 200,
          body: {
            version: 3,
            etag: 'AAAAAAAAAAI=',
            properties: { desired: { interval: 60, $version: 2 }, reported: { $version: 1 } },
          },
        });
      },
    ),
    must(
      'TWN-04',
      'The metadata of desired properties tells of every level when it was written, and with which version.',
      sources.twins,
      async (hub) => {
        const stamp = { $lastUpdated: time, $lastUpdatedVersion: 2 };
        expectAnswer(await patchDesired(hub, { a: { b: 1 } }), {
          status: 200,
          body: {
            properties: { desired: { $metadata: { ...stamp, a: { ...stamp, b: stamp } } } },
          },
        });
      },
    ),
    must(
      'TWN-05',
      'Metadata moves only where something was written, and above it.',
      sources.twins,
      async (hub) => {
        const { deviceId } = await hub.createDevice({
          twin: { properties: { desired: { old: 1, a: { b: 1 } } } },
        });
        const body = { properties: { desired: { a: { c: 2 } } } };
        expectAnswer(await hub.send(`PATCH /twins/${deviceId}`, { body }), {
          status: 200,
          body: {
            properties: {
              desired: {
                $metadata: {
                  $lastUpdatedVersion: 3,
                  old: { $lastUpdatedVersion: 2 },
                  a: {
                    $lastUpdatedVersion: 3,
                    b: { $lastUpdatedVersion: 2 },
                    c: { $lastUpdatedVersion: 3 },
                  },
                },
              },
            },
          },
        });
      },
    ),
    must('TWN-06', 'Objects merge, at any depth.', sources.twins, async (hub) => {
      const { deviceId } = await hub.createDevice({ twin: { tags: { a: { b: 1, c: { d: 2 } } } } });
      const body = { tags: { a: { c: { e: 3 } } } };
      expectAnswer(await hub.send(`PATCH /twins/${deviceId}`, { body }), {
        status: 200,
        body: { tags: { a: { b: 1, c: { d: 2, e: 3 } } } },
      });
    }),
    must(
      'TWN-07',
      'A null removes, with its metadata, and the object it was in remains, empty.',
      sources.twins,
      async (hub) => {
        const { deviceId } = await hub.createDevice({
          twin: { properties: { desired: { a: { b: 1 }, c: 2 } } },
        });
        const body = { properties: { desired: { a: { b: null }, c: null } } };
        const answer = await hub.send(`PATCH /twins/${deviceId}`, { body });
        expectAnswer(answer, {
          status: 200,
          body: {
            properties: {
              desired: { a: { b: undefined }, c: undefined, $metadata: { c: undefined } },
            },
          },
        });
      },
    ),
    must('TWN-08', 'Arrays are replaced as a whole.', sources.twins, async (hub) => {
      const { deviceId } = await hub.createDevice({ twin: { tags: { list: [1, 2, 3] } } });
      const body = { tags: { list: ['x'] } };
      expectAnswer(await hub.send(`PATCH /twins/${deviceId}`, { body }), {
        status: 200,
        body: { tags: { list: ['x'] } },
      });
    }),
    must(
      'TWN-09',
      'An object takes the place of a value, and a value that of an object.',
      sources.twins,
      async (hub) => {
        const { deviceId } = await hub.createDevice({ twin: { tags: { a: 1, b: { c: 2 } } } });
        const body = { tags: { a: { x: true }, b: 'text' } };
        expectAnswer(await hub.send(`PATCH /twins/${deviceId}`, { body }), {
          status: 200,
          body: { tags: { a: { x: true }, b: 'text' } },
        });
      },
    ),
    may(
      'TWN-10',
      'A patch that changes nothing moves the versions all the same.',
      sources.twins,
      async (hub) => {
        const { deviceId } = await hub.createDevice({
          twin: { properties: { desired: { a: 1 } } },
        });
        const body = { properties: { desired: { a: 1 } } };
        expectAnswer(await hub.send(`PATCH /twins/${deviceId}`, { body }), {
          status: 200,
          body: { version: 4, properties: { desired: { $version: 3 } } },
        });
      },
    ),
    must('TWN-11', 'A service cannot write reported properties.', sources.twins, async (hub) => {
      const { deviceId } = await hub.createDevice();
      const body = { tags: { a: 1 }, properties: { reported: { forged: true } } };
      expectAnswer(await hub.send(`PATCH /twins/${deviceId}`, { body }), {
        status: 200,
        body: { tags: { a: 1 }, properties: { reported: { forged: undefined, $version: 1 } } },
      });
    }),
    must(
      'TWN-12',
      '$version and $metadata that a client sends back are ignored.',
      sources.twins,
      async (hub) => {
        expectAnswer(await patchDesired(hub, { a: 1, $version: 77, $metadata: { x: 1 } }), {
          status: 200,
          body: { properties: { desired: { a: 1, $version: 2, $metadata: { x: undefined } } } },
        });
      },
    ),
    must(
      'TWN-13',
      'A write with an old ETag is refused with 412 PreconditionFailed, and changes nothing.',
      sources.twins,
      async (hub) => {
        const { deviceId } = await hub.createDevice({ twin: { tags: { a: 1 } } });
        const answer = await hub.send(`PATCH /twins/${deviceId}`, {
          body: { tags: { a: 2 } },
          headers: { 'If-Match': '"AAAAAAAAAAE="' },
        });
        expectRefusal(answer, 412, 'PreconditionFailed');
        expectAnswer(await hub.send(`GET /twins/${deviceId}`), {
          status: 200,
          body: { version: 3, tags: { a: 1 } },
        });
      },
    ),
    must(
      'TWN-14',
      'A write with the current ETag, or with "*", succeeds.',
      sources.nodeService,
      async (hub) => {
        const { deviceId } = await hub.createDevice();
        for (const [ifMatch, version] of [
          ['"AAAAAAAAAAE="', 3],
          ['"*"', 4],
        ] as const) {
          const answer = await hub.send(`PATCH /twins/${deviceId}`, {
            body: { tags: { a: version } },
            headers: { 'If-Match': ifMatch },
          });
          expectAnswer(answer, { status: 200, body: { version, tags: { a: version } } });
        }
      },
    ),
    must(
      'TWN-15',
      'A PUT replaces tags and desired properties; what it does not mention is cleared.',
      sources.twins,
      async (hub) => {
        const { deviceId } = await hub.createDevice({
          twin: { tags: { old: 1 }, properties: { desired: { old: 1 } } },
        });
        const body = { properties: { desired: { young: 2 } } };
        expectAnswer(await hub.send(`PUT /twins/${deviceId}`, { body }), {
          status: 200,
          body: {
            version: 4,
            tags: { old: undefined },
            properties: { desired: { young: 2, old: undefined, $version: 3 } },
          },
        });
      },
    ),
    may('TWN-16', 'tags: null clears the tags.', sources.twins, async (hub) => {
      const { deviceId } = await hub.createDevice({ twin: { tags: { a: 1 } } });
      expectAnswer(await hub.send(`PATCH /twins/${deviceId}`, { body: { tags: null } }), {
        status: 200,
        body: { tags: { a: undefined }, version: 4 },
      });
    }),
    must(
      'TWN-17',
      'A twin that is missing is refused with 404 DeviceNotFound.',
      sources.errors,
      async (hub) => {
        expectRefusal(await hub.send(`GET /twins/${hub.newId()}`), 404, 'DeviceNotFound');
      },
    ),
    must(
      'TWN-18',
      'POST with X-HTTP-Method-Override: PATCH is a PATCH.',
      sources.javaService,
      async (hub) => {
        const { deviceId } = await hub.createDevice();
        const answer = await hub.send(`POST /twins/${deviceId}`, {
          body: { tags: { a: 1 } },
          headers: { 'X-HTTP-Method-Override': 'PATCH' },
        });
        expectAnswer(answer, { status: 200, body: { version: 3, tags: { a: 1 } } });
      },
    ),
    must(
      'TWN-19',
      'Text of any language comes back as it was written.',
      sources.twins,
      async (hub) => {
        expectAnswer(await patchTags(hub, { ort: 'Zürich 東京 🏭' }), {
          status: 200,
          body: { tags: { ort: 'Zürich 東京 🏭' } },
        });
      },
    ),
    must(
      'TWN-20',
      'The largest and the smallest integer, fractions and Booleans come back as they were written.',
      sources.twins,
      async (hub) => {
        const tags = { most: 4503599627370495, least: -4503599627370496, half: 0.5, off: false };
        expectAnswer(await patchTags(hub, tags), { status: 200, body: { tags } });
      },
    ),
    must('TWN-21', 'Ten levels fit.', sources.twins, async (hub) => {
      expectAnswer(await patchTags(hub, nest(10)), { status: 200, body: { version: 3 } });
    }),
    must('TWN-22', 'A name of 1024 bytes and a string of 4096 fit.', sources.twins, async (hub) => {
      const tags = { ['n'.repeat(1024)]: 1, text: 'x'.repeat(4096) };
      expectAnswer(await patchTags(hub, tags), { status: 200, body: { tags } });
    }),
    must(
      'TWN-23',
      'A number that is written with an exponent is no integer, however large.',
      sources.twins,
      async (hub) => {
        const { deviceId } = await hub.createDevice();
        const body = '{"tags":{"huge":1.5e300}}';
        expectAnswer(await hub.send(`PATCH /twins/${deviceId}`, { body }), {
          status: 200,
          body: { tags: { huge: 1.5e300 } },
        });
      },
    ),
    must('TWN-24', 'Desired properties may have 32 KB.', sources.twins, async (hub) => {
      expectAnswer(await patchDesired(hub, fill(32_000)), {
        status: 200,
        body: { properties: { desired: { $version: 2 } } },
      });
    }),
    must(
      'TWN-25',
      'More than 32 KB of desired properties are refused with 400 ArgumentInvalid.',
      sources.twins,
      async (hub) => {
        expectRefusal(await patchDesired(hub, fill(32_769)), 400, 'ArgumentInvalid');
      },
    ),
    must(
      'TWN-26',
      'A body that is no JSON, or no object, is refused with 400 ArgumentInvalid.',
      sources.errors,
      async (hub) => {
        const { deviceId } = await hub.createDevice();
        for (const body of ['{"tags":', '[]']) {
          const answer = await hub.send(`PATCH /twins/${deviceId}`, { body });
          expectRefusal(answer, 400, 'ArgumentInvalid');
        }
      },
    ),
    must(
      'TWN-27',
      'A limit holds for what the twin becomes, not for the patch alone.',
      sources.twins,
      async (hub) => {
        const { deviceId } = await hub.createDevice({ twin: { tags: { first: fill(5000) } } });
        const answer = await hub.send(`PATCH /twins/${deviceId}`, {
          body: { tags: { second: fill(5000) } },
        });
        expectRefusal(answer, 400, 'ArgumentInvalid');
      },
    ),
    should(
      'TWN-28',
      'Messages that wait for a device are counted in its twin.',
      sources.twins,
      async (hub) => {
        const { deviceId } = await hub.createDevice();
        const amqp = await hub.connectAmqp();
        await amqp.send({ to: `/devices/${deviceId}/messages/devicebound`, body: 'x' });
        expectAnswer(await hub.send(`GET /twins/${deviceId}`), {
          status: 200,
          body: { cloudToDeviceMessageCount: 1 },
        });
      },
      'amqp',
    ),
    ...refusedTags.map(([id, what, tags]) =>
      must(id, `${what} is refused with 400 ArgumentInvalid.`, sources.twins, async (hub) => {
        expectRefusal(await patchTags(hub, tags), 400, 'ArgumentInvalid');
      }),
    ),
  ],
};
