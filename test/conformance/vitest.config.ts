import { defineConfig } from 'vitest/config';

/** The conformance list against the hub of IOTHUB_CONNECTION_STRING; `npm test` knows nothing of it. */
// biome-ignore lint/style/noDefaultExport: Vitest reads no other
export default defineConfig({
  test: {
    include: ['test/conformance/hub.ts'],
    reporters: ['verbose'],
    testTimeout: 180_000,
    hookTimeout: 180_000,
  },
});
