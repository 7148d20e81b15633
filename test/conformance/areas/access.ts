import { type Area, must, should } from '../check.js';
import { sources } from '../sources.js';
import { type Answer, expectAnswer, expectRefusal } from '../support/http.js';
import type { Hub } from '../support/hub.js';

async function readTwin(hub: Hub, authorization: string | null): Promise<Answer> {
  const { deviceId } = await hub.createDevice();
  return await hub.send(`GET /twins/${deviceId}`, { authorization });
}

const refuse = (answer: Answer) => expectRefusal(answer, 401, 'IotHubUnauthorizedAccess');
const seconds = () => Math.floor(Date.now() / 1000);

/** What a policy may do: read an identity, write one, read a twin. */
async function tryAll(hub: Hub, policy: string, statuses: readonly number[]): Promise<void> {
  const { deviceId } = await hub.createDevice();
  const authorization = hub.token({ policy });
  const lines = [`GET /devices/${deviceId}`, `PUT /devices/${deviceId}`, `GET /twins/${deviceId}`];
  for (const [index, line] of lines.entries()) {
    const answer = await hub.send(line, {
      authorization,
      ...(line.startsWith('PUT') ? { body: { deviceId }, headers: { 'If-Match': '*' } } : {}),
    });
    if (statuses[index] === 200) expectAnswer(answer, { status: 200, body: { deviceId } });
    else refuse(answer);
  }
}

export const access: Area = {
  title: 'Access of services',
  checks: [
    must(
      'ATH-01',
      'A request without a token is refused with 401.',
      sources.access,
      async (hub) => {
        refuse(await readTwin(hub, null));
      },
    ),
    must('ATH-02', 'What is no token is refused with 401.', sources.access, async (hub) => {
      refuse(await readTwin(hub, 'Basic dXNlcjpwYXNzd29yZA=='));
    }),
    must(
      'ATH-03',
      'A wrong signature is refused with 401, and is said to be wrong.',
      sources.observed,
      async (hub) => {
        const authorization = hub.token().replace(/&sig=[^&]*/, `&sig=${'A'.repeat(43)}%3D`);
        const answer = refuse(await readTwin(hub, authorization));
        expectAnswer(answer, { status: 401, body: { Message: /invalid signature/ } });
      },
    ),
    must(
      'ATH-04',
      'An expired token is refused with 401, and is said to be expired.',
      sources.observed,
      async (hub) => {
        const answer = refuse(await readTwin(hub, hub.token({ expiry: seconds() - 3600 })));
        expectAnswer(answer, { status: 401, body: { Message: /SAS token is expired/ } });
      },
    ),
    should(
      'ATH-05',
      'Clocks may differ by some minutes: a token that has just ended is taken.',
      sources.access,
      async (hub) => {
        expectAnswer(await readTwin(hub, hub.token({ expiry: seconds() - 60 })), { status: 200 });
      },
    ),
    must(
      'ATH-06',
      'The signature covers sr as it is sent, encoded or not.',
      sources.nodeService,
      async (hub) => {
        const { hostName } = hub.target;
        for (const sr of [hostName, encodeURIComponent(hostName), `${hostName}%2F`]) {
          expectAnswer(await readTwin(hub, hub.token({ sr })), { status: 200 });
        }
      },
    ),
    must('ATH-07', 'The fields of a token may come in any order.', sources.access, async (hub) => {
      const fields = hub.token().replace('SharedAccessSignature ', '').split('&').reverse();
      const authorization = `SharedAccessSignature ${fields.join('&')}`;
      expectAnswer(await readTwin(hub, authorization), { status: 200 });
    }),
    must(
      'ATH-08',
      'A token for a part of the hub is good there, and nowhere else.',
      sources.access,
      async (hub) => {
        const { deviceId } = await hub.createDevice();
        const resource = `${hub.target.hostName}/twins/${deviceId}`;
        const authorization = hub.token({ resource });
        expectAnswer(await hub.send(`GET /twins/${deviceId}`, { authorization }), {
          status: 200,
          body: { deviceId },
        });
        refuse(await hub.send(`GET /devices/${deviceId}`, { authorization }));
      },
    ),
    must(
      'ATH-09',
      'A prefix counts by whole segments: a token for d1 is none for d12.',
      sources.access,
      async (hub) => {
        const { deviceId } = await hub.createDevice();
        const resource = `${hub.target.hostName}/twins/${deviceId.slice(0, -1)}`;
        refuse(
          await hub.send(`GET /twins/${deviceId}`, { authorization: hub.token({ resource }) }),
        );
      },
    ),
    must('ATH-10', 'A token for another hub is refused.', sources.access, async (hub) => {
      refuse(await readTwin(hub, hub.token({ resource: 'another.azure-devices.net' })));
    }),
    must(
      'ATH-11',
      'A token of a policy that does not exist is refused.',
      sources.access,
      async (hub) => {
        refuse(await readTwin(hub, hub.token().replace(/&skn=.*/, '&skn=nobody')));
      },
    ),
    must(
      'ATH-12',
      'The policy service reads twins, and no identities. The lack of a right is 401, not 403.',
      sources.access,
      (hub) => tryAll(hub, 'service', [401, 401, 200]),
      'policies',
    ),
    must(
      'ATH-13',
      'The policy registryRead reads identities, and neither writes them nor reads twins.',
      sources.access,
      (hub) => tryAll(hub, 'registryRead', [200, 401, 401]),
      'policies',
    ),
    must(
      'ATH-14',
      'The policy registryReadWrite reads and writes identities.',
      sources.access,
      (hub) => tryAll(hub, 'registryReadWrite', [200, 200, 401]),
      'policies',
    ),
    must(
      'ATH-15',
      'The policy device may do nothing that services do.',
      sources.access,
      (hub) => tryAll(hub, 'device', [401, 401, 401]),
      'policies',
    ),
    must(
      'ATH-16',
      'A request without api-version is refused with 400 InvalidProtocolVersion.',
      sources.csharp,
      async (hub) => {
        const { deviceId } = await hub.createDevice();
        const answer = await hub.send(`GET /twins/${deviceId}`, { apiVersion: null });
        expectRefusal(answer, 400, 'InvalidProtocolVersion');
      },
    ),
    must('ATH-17', 'Older api-versions are taken.', sources.observed, async (hub) => {
      const { deviceId } = await hub.createDevice();
      for (const apiVersion of ['2018-06-30', '2020-09-30', '2020-05-31-preview']) {
        expectAnswer(await hub.send(`GET /twins/${deviceId}`, { apiVersion }), {
          status: 200,
          body: { deviceId },
        });
      }
    }),
    must(
      'ATH-18',
      'A bearer token of Microsoft Entra ID is taken.',
      sources.entra,
      async (hub) => {
        const answer = await readTwin(hub, `Bearer ${hub.target.bearerToken}`);
        expectAnswer(answer, { status: 200, body: { version: 2 } });
      },
      'bearer',
    ),
    must(
      'ATH-19',
      'A bearer token whose signature is wrong is refused with 401.',
      sources.entra,
      async (hub) => {
        refuse(
          await readTwin(hub, `Bearer ${String(hub.target.bearerToken).slice(0, -8)}AAAAAAAA`),
        );
      },
      'bearer',
    ),
  ],
};
