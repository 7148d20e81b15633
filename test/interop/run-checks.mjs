import { spawn } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { writeDeviceCertificates } from './device-certificates.mjs';
import { exitOf } from './processes.mjs';

/** The ports that the SDKs insist on: HTTPS and WebSocket, MQTT, AMQP. */
export const ports = { httpsPort: 443, mqttPort: 8883, amqpPort: 5671 };

const emulatorUrl = new URL('../../dist/emulator/emulator.js', import.meta.url);

/** Starts a fresh hub, runs one language's checks against it, and counts them. */
export async function runChecks(language, cache) {
  if (!existsSync(emulatorUrl)) throw new Error('The emulator is not built yet: npm run build');
  const { startEmulator } = await import(emulatorUrl.href);
  const dataDir = join(cache, 'hub');
  mkdirSync(dataDir, { recursive: true });
  const hub = await startEmulator({ ...ports, dataDir });
  const certificates = await writeDeviceCertificates(join(dataDir, 'devices'));
  try {
    const { file, args, env } = await language.describeChecks(hub, cache);
    const child = spawn(file, args, {
      // Nothing is inherited: a proxy in the environment would swallow the hub.
      env: {
        PATH: process.env.PATH,
        LANG: 'C.UTF-8',
        HUB_DEVICE_CERTIFICATES: certificates,
        ...env,
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const exited = exitOf(child);
    let [passed, total] = [0, 0];
    for await (const line of createInterface({ input: child.stdout })) {
      process.stdout.write(`${line}\n`);
      const result = /^(not )?ok - /.exec(line);
      if (result === null) continue;
      total += 1;
      if (result[1] === undefined) passed += 1;
    }
    const code = await exited;
    if (code !== 0 && passed === total) {
      throw new Error(`The checks ended with status ${code} before they were through.`);
    }
    return { passed, total };
  } finally {
    await hub.close();
  }
}
