/** Measures A B A B …: what disturbs the machine for a while disturbs both. Two functions, each giving one sample. */
export async function measurePairs(count, measureOurs, measureRival) {
  const pairs = [];
  for (let round = 0; round < count; round++) {
    pairs.push({ ours: await measureOurs(), rival: await measureRival() });
  }
  return pairs;
}

/** Repeats a measurement until two in a row agree within 5 %, so that compilers and caches have settled. */
export async function warmUp(measure, { atMost = 6 } = {}) {
  let previous = (await measure()).value;
  for (let round = 1; round < atMost; round++) {
    const { value } = await measure();
    if (Math.abs(value - previous) <= 0.05 * previous) return;
    previous = value;
  }
}
