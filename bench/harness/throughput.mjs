/** Lets `load` do `work` on `server`. A sample: units a second, CPU time per unit, and how busy both were. */
export async function measureThroughput({ server, load, work }) {
  const [serverBefore, loadBefore] = await Promise.all([server.measure(), load.measure()]);
  const { units, elapsedMs } = await load.call('work', work);
  const [serverAfter, loadAfter] = await Promise.all([server.measure(), load.measure()]);
  const serverCpuMs = serverAfter.cpuMs - serverBefore.cpuMs;
  return {
    value: (units / elapsedMs) * 1000,
    cpuUs: (serverCpuMs * 1000) / units,
    peakBytes: serverAfter.peakBytes,
    serverBusy: serverCpuMs / elapsedMs,
    loadBusy: (loadAfter.cpuMs - loadBefore.cpuMs) / elapsedMs,
  };
}
