import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { Hub } from './hub/hub.js';
import { parseDeviceSettings } from './hub/identity-settings.js';
import { isJsonObject, type JsonObject, type JsonValue } from './json.js';

const json = z.custom<JsonObject>((value) => isJsonObject(value as JsonValue));

const seed = z.object({
  devices: z.array(
    z.object({
      deviceId: z.string(),
      status: z.enum(['enabled', 'disabled']).optional(),
      authentication: json.optional(),
      tags: json.optional(),
      properties: z.object({ desired: json.optional(), reported: json.optional() }).optional(),
    }),
  ),
});

/** Devices to begin with. What a device would report may be given, too. */
export type Seed = z.infer<typeof seed>;

/** Reads a seed file, or throws an Error that says what is wrong with it. */
export function readSeedFile(file: string): Seed {
  try {
    return seed.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    const reason = error instanceof z.ZodError ? z.prettifyError(error) : String(error);
    throw new Error(`cannot take devices from ${file}: ${reason}`);
  }
}

/** Creates the devices that do not exist yet. Throws the hub's own error for what a hub would refuse. */
export function plantSeed(hub: Hub, { devices }: Seed): void {
  for (const { deviceId, tags, properties, status, authentication } of devices) {
    if (hub.registry.find({ deviceId }) !== undefined) continue;
    const settings = parseDeviceSettings(
      { status: status ?? 'enabled', authentication: authentication ?? null },
      deviceId,
    );
    const device = hub.registry.create({ deviceId }, settings);
    const { desired, reported } = properties ?? {};
    if (tags !== undefined || desired !== undefined) {
      hub.twins.patch(
        device,
        { tags: tags ?? {}, properties: { desired: desired ?? {} } },
        { kind: 'any' },
      );
    }
    if (reported !== undefined) hub.twins.report(device, reported, undefined);
  }
}
