import { access } from './areas/access.js';
import { bulk } from './areas/bulk.js';
import { events } from './areas/events.js';
import { identities } from './areas/identities.js';
import { jobs } from './areas/jobs.js';
import { messages } from './areas/messages.js';
import { methods } from './areas/methods.js';
import { modules } from './areas/modules.js';
import { mqttConnect, mqttMessages, mqttTwins } from './areas/mqtt.js';
import { queries } from './areas/queries.js';
import { sdk } from './areas/sdk.js';
import { twins } from './areas/twins.js';
import { webSocket } from './areas/web-socket.js';
import type { Area, Check } from './check.js';

/** All that a hub is held to. */
export const areas: readonly Area[] = [
  identities,
  modules,
  bulk,
  twins,
  queries,
  methods,
  jobs,
  messages,
  access,
  mqttConnect,
  mqttTwins,
  mqttMessages,
  webSocket,
  events,
  sdk,
];

export const checks: readonly Check[] = areas.flatMap((area) => area.checks);
