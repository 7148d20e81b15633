const empty = Buffer.alloc(0);

/** Cuts a stream of bytes into MQTT packets. `onPacket` gets the type and the packet without its fixed header. */
export function createFramer(onPacket) {
  let rest = empty;
  return (chunk) => {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let start = 0;
    for (;;) {
      const packet = findPacket(bytes, start);
      if (packet === undefined) break;
      onPacket(bytes[start] >> 4, bytes.subarray(packet.start, packet.end));
      start = packet.end;
    }
    rest = bytes.subarray(start);
  };
}

/** Where the contents of the packet that starts at `at` are, once all of it is there. */
function findPacket(bytes, at) {
  let length = 0;
  for (let index = 1; index <= 4 && at + index < bytes.length; index++) {
    const byte = bytes[at + index];
    length += (byte & 0x7f) * 128 ** (index - 1);
    if (byte < 0x80) {
      const start = at + index + 1;
      return start + length <= bytes.length ? { start, end: start + length } : undefined;
    }
  }
  return undefined;
}
