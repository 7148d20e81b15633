/** Everything the hub sends is QoS 0, so an acknowledgement is late or lost; both are harmless. */
export function handlePuback(): void {}
