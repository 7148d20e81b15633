// Services read a twin; a bare server answers the same bytes to whoever asks.
import { nameDevice, signPolicyToken } from '../harness/fleet.mjs';
import { measurePairs, warmUp } from '../harness/pairs.mjs';
import { measureThroughput } from '../harness/throughput.mjs';

const connections = 32;

export async function run({ quick, createFolder, start }) {
  const emulator = await start('servers/emulator.mjs');
  const stub = await start('servers/bare-https.mjs');
  const toEmulator = await start('load/https.mjs');
  const toStub = await start('load/https.mjs');

  const ours = await emulator.call('start', { dataDir: createFolder(), devices: 100 });
  const request = createRequest(ours.serviceKey);
  await toEmulator.call('connect', {
    port: ours.httpsPort,
    ca: ours.ca,
    count: connections,
    request,
  });
  const answer = await toEmulator.call('fetch');
  const rival = await stub.call('start', { dataDir: createFolder(), answer });
  await toStub.call('connect', {
    port: rival.httpsPort,
    ca: rival.ca,
    count: connections,
    request,
  });
  if ((await toStub.call('fetch')).body !== answer.body) throw new Error('the answers differ');

  const work = { durationMs: quick ? 1000 : 4000 };
  const measureOurs = () => measureThroughput({ server: emulator, load: toEmulator, work });
  const measureRival = () => measureThroughput({ server: stub, load: toStub, work });
  await warmUp(measureOurs);
  await warmUp(measureRival);
  return [
    {
      name: `GET /twins/{id}, ${connections} connections`,
      rival: 'bare HTTPS server',
      unit: 'a second',
      figure: 'ratio',
      goal: { atLeast: 0.7 },
      pairs: await measurePairs(quick ? 3 : 7, measureOurs, measureRival),
    },
  ];
}

/** As the service SDK sends it. */
function createRequest(serviceKey) {
  const lines = [
    `GET /twins/${nameDevice(7)}?api-version=2021-04-12 HTTP/1.1`,
    'Host: localhost',
    'Accept: application/json',
    'Content-Type: application/json; charset=utf-8',
    `Authorization: ${signPolicyToken('iothubowner', serviceKey)}`,
    'User-Agent: azure-iothub/1.16.6 (node v20.20.2; linux; x64)',
    'Connection: keep-alive',
  ];
  return `${lines.join('\r\n')}\r\n\r\n`;
}
