/** Imports run one way; see the layout in README.md. */
const below = (name, from, to, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from },
  to: { path: to },
});

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    below(
      'services-know-no-graphql',
      '^src/services/',
      '^src/(schema|resolvers|server|emulator|simulator|app|main|config)|node_modules/(graphql|graphql-ws|type-graphql|@apollo|fastify|@fastify)/',
      'Services are the meaning; they know neither GraphQL nor HTTP, nor who composes them.',
    ),
    {
      ...below(
        'schema-takes-types-only',
        '^src/schema/',
        '^src/services/',
        'The schema describes what clients see; it has no behaviour to import.',
      ),
      to: { path: '^src/services/', dependencyTypesNot: ['type-only'] },
    },
    below('schema-knows-no-resolvers', '^src/schema/', '^src/(resolvers|server|app|main|config)'),
    below(
      'resolvers-know-no-server',
      '^src/resolvers/',
      '^src/(server|emulator|simulator|app|main|config)|node_modules/(@apollo|fastify|@fastify)/',
    ),
    below(
      'server-knows-no-composition',
      '^src/server/',
      '^src/(emulator|simulator|app|main|config)',
    ),
    {
      name: 'one-importer-of-azure-iothub',
      comment: "One place for the SDK's traps.",
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/services/hub/sdk\\.ts$' },
      to: { path: 'node_modules/azure-iothub/' },
    },
    below(
      'emulator-stands-alone',
      '^src/emulator/',
      '^src/(?!emulator/)',
      'It is an IoT Hub; it knows nothing of the gateway.',
    ),
    below(
      'simulator-stands-alone',
      '^src/simulator/',
      '^src/(?!simulator/)',
      'Devices talk to a hub, and to nothing else.',
    ),
    {
      name: 'only-app-composes',
      comment: 'The command line may run the emulator as a program of its own.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(app\\.ts$|twinql\\.ts$|emulator/|simulator/)' },
      to: { path: '^src/(emulator|simulator)/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    exclude: { path: '^(dist|test)/' },
    enhancedResolveOptions: { conditionNames: ['import', 'require', 'node', 'default'] },
  },
};
