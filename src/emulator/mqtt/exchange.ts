import { generate, type Packet } from 'mqtt-packet';
import type { CallTarget } from '../calls.js';
import { delay } from '../clock.js';
import { HubError, hubError } from '../errors.js';
import { performExchange } from '../faults.js';
import type { Hub } from '../hub/hub.js';
import type { Connection } from './connection.js';

/** What goes back to the client for one packet of its. */
export interface Answer {
  /** As the log shows it: 200 or 204 when all is well. */
  readonly status: number;
  readonly packets: readonly Packet[];
  /** Whether the connection ends with it. */
  readonly closes?: boolean;
  /** What happens once the packets are out. */
  readonly afterwards?: () => void;
}

export interface PacketExchange {
  readonly call: CallTarget;
  /** Acts on the packet. A HubError it throws is answered as `refuse` says. */
  process(): Answer;
  refuse(error: HubError): Answer;
}

/** Answers one packet, logs it, and lets a fault have its way with it. */
export function performPacketExchange(
  connection: Connection,
  { call, process, refuse }: PacketExchange,
): void {
  const { hub, logger } = connection.context;
  const finish = hub.calls.record(call, hub.clock.now());

  function finishWith(answer: Answer): Answer {
    finish(answer.status);
    return answer;
  }

  function send(answer: Answer): void {
    for (const packet of answer.packets) connection.send(packet);
    if (answer.closes) connection.end();
    answer.afterwards?.();
  }

  const done = performExchange(
    hub.faults.take(call),
    {
      process: () => admit(hub, call, { process, refuse }, finishWith),
      refuse: (error) => finishWith(refuse(error)),
      send,
      sendInstead: send,
      sendHalf: (answer) => connection.writeHalf(toBytes(answer)),
      async sendSplit(answer) {
        await connection.writeSplit(toBytes(answer));
        answer.afterwards?.();
      },
      reset: () => connection.reset(),
    },
    hub.clock,
  );
  done?.catch((error: unknown) => {
    logger.error({ ...connection.describe(), err: error }, 'a packet could not be answered');
    connection.violate('the emulator failed');
  });
}

/** Lets the packet through as the hub's throttles allow, in most cases at once. */
function admit(
  hub: Hub,
  { operation }: CallTarget,
  { process, refuse }: Pick<PacketExchange, 'process' | 'refuse'>,
  finish: (answer: Answer) => Answer,
): Answer | Promise<Answer> {
  let waitMs = 0;
  const perform = () => finish(guard(process, refuse));
  try {
    waitMs = hub.throttles.admit(operation);
  } catch (error) {
    if (error instanceof HubError) return finish(refuse(error));
    throw error;
  }
  return waitMs === 0 ? perform() : delay(hub.clock, waitMs).then(perform);
}

function guard(process: () => Answer, refuse: (error: HubError) => Answer): Answer {
  try {
    return process();
  } catch (error) {
    if (error instanceof HubError) return refuse(error);
    return refuse(hubError('ServerError', 'The emulator failed.'));
  }
}

function toBytes(answer: Answer): Buffer {
  return Buffer.concat(answer.packets.map((packet) => generate(packet)));
}
