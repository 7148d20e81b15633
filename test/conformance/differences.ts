/** What the emulator does otherwise than Azure IoT Hub. */
export interface Difference {
  readonly area: string;
  /** What a hub does. */
  readonly azure: string;
  readonly emulator: string;
  readonly reason: string;
}

/** What a hub has, and the emulator has not. */
export const missing: readonly Difference[] = [
  {
    area: 'Event Hubs',
    azure: 'Telemetry, twin changes and lifecycle events can be read from an Event Hubs endpoint.',
    emulator:
      'Telemetry and wills arrive in four partitions, which the control endpoint shows; twin changes and lifecycle events are not told.',
    reason: 'The endpoint itself comes later, and will read those partitions.',
  },
  {
    area: 'Routing',
    azure: 'Messages are routed to endpoints.',
    emulator: 'There are no routes. All messages arrive at the one built-in place.',
    reason: 'Routes need endpoints to lead to.',
  },
  {
    area: 'Module inputs',
    azure:
      'Routes to inputs are those of IoT Edge, on the edge device itself: a hub in the cloud delivers nothing to inputs.',
    emulator:
      'So here: a module may subscribe to its inputs, and hears nothing. What it sends by an output is telemetry that names the output.',
    reason: 'It takes the edgeHub of IoT Edge, which is no part of a hub.',
  },
  {
    area: 'Device protocols',
    azure: 'Devices speak MQTT, AMQP and HTTPS.',
    emulator: 'Devices speak MQTT 3.1.1, over TLS and over WebSocket.',
    reason: 'The other protocols are not built yet.',
  },
  {
    area: 'Files',
    azure: 'Devices upload files to a storage account.',
    emulator: 'There is none. Services may listen for file notifications, and hear none.',
    reason: 'It needs a storage account.',
  },
  {
    area: 'Configurations',
    azure: 'Automatic device management and edge deployments.',
    emulator: '/configurations and applyConfigurationContent are answered 404.',
    reason: 'Not built yet.',
  },
  {
    area: 'Digital twins',
    azure: 'Plug and Play twins and commands under /digitaltwins.',
    emulator: 'They are answered 404. The model id that a device announces is in its twin.',
    reason: 'Not built yet.',
  },
  {
    area: 'Import and export jobs',
    azure: 'Identities are exported to, and imported from, blob storage.',
    emulator: '/jobs/create is answered 404. Seed files and the state endpoint serve instead.',
    reason: 'It needs a storage account.',
  },
  {
    area: 'X.509',
    azure: 'Devices are believed by thumbprint, or by a certificate authority that the hub knows.',
    emulator:
      'Thumbprints are checked. A device of type certificateAuthority can be registered, but not connect.',
    reason: 'There is nowhere to register an authority.',
  },
  {
    area: 'Tiers',
    azure:
      'Basic tiers lack twins, methods and messages to devices. The free tier has at most 500 devices.',
    emulator:
      '--tier knows F1, S1, S2 and S3, and enforces their throttles and daily quotas, not the number of devices.',
    reason: 'Basic tiers cannot do what this project is about.',
  },
  {
    area: 'Roles',
    azure: 'Roles of Microsoft Entra ID limit what a bearer token may do.',
    emulator: 'A bearer token that the given keys signed may do all that a service may.',
    reason: 'There is no directory to ask for roles.',
  },
];

/** What the emulator has, but otherwise. */
export const differences: readonly Difference[] = [
  {
    area: 'Keys',
    azure: 'Every hub has secret keys of its own.',
    emulator: 'The keys of the five policies are public, and the same everywhere.',
    reason: 'Examples and tests can carry them, as with other emulators of Azure.',
  },
  {
    area: 'Origin and Host',
    azure: 'A hub does not look at Origin, and has one name.',
    emulator: 'Requests with an Origin, or for a Host that is not its own, are refused with 403.',
    reason: 'Any web page can make a browser talk to a port on the loopback address.',
  },
  {
    area: 'Queries',
    azure: 'Queries lag behind writes by seconds, at times minutes, and may list deleted devices.',
    emulator:
      'Queries see every write at once, unless --query-staleness asks for a lag. Deleted devices are gone.',
    reason: 'Tests need not wait for what they have written.',
  },
  {
    area: 'Queries',
    azure: 'Pages of 100; older documentation says 1000.',
    emulator: 'A page has at most 100 items, whatever is asked for.',
    reason: 'The sources disagree; the smaller number finds mistakes in paging.',
  },
  {
    area: 'Queries',
    azure: 'The names of columns without an alias are not documented.',
    emulator:
      'The last name of the path as it was typed, or the name of the aggregate in lower case.',
    reason: 'Not documented. Give every column an alias.',
  },
  {
    area: 'Queries',
    azure: 'Routing functions such as LOWER are documented for routes, not for twin queries.',
    emulator: 'They are refused with 400, as STARTS_WITH and CONTAINS are known to be.',
    reason: 'What works here must work there.',
  },
  {
    area: 'Queries',
    azure: 'How GROUP BY and sums treat missing values and other types is not documented.',
    emulator: 'A missing value makes a group without the column; SUM and AVG take numbers alone.',
    reason: 'Not documented.',
  },
  {
    area: 'Twins',
    azure: "Whether a report moves the twin's ETag is not documented.",
    emulator: 'It moves the version, and leaves the ETag alone.',
    reason: 'The ETag covers what services write, by the documentation.',
  },
  {
    area: 'Twins',
    azure: 'Whether a patch without changes moves the versions is not documented.',
    emulator: 'It does.',
    reason: 'Not documented.',
  },
  {
    area: 'Twins',
    azure: 'The $lastUpdated of a section that was never written is the year 1 in some documents.',
    emulator: 'It is the time of creation.',
    reason: 'The sources disagree.',
  },
  {
    area: 'Twins',
    azure: 'Numbers are integers or not by how they are written.',
    emulator: 'A whole number below 1e21 is an integer, even when written as 1.0 or 1e20.',
    reason: 'JSON numbers are read as JavaScript reads them.',
  },
  {
    area: 'Connection state',
    azure: 'connectionState may lag by minutes.',
    emulator: 'It is exact.',
    reason: 'Tests need not wait.',
  },
  {
    area: 'Statistics',
    azure: 'Counts lag by minutes.',
    emulator: 'They are exact.',
    reason: 'Tests need not wait.',
  },
  {
    area: 'Errors',
    azure: 'Texts differ between versions of the hub, and some errors have no documented number.',
    emulator:
      'Texts are its own but for those that are documented. It numbers what it must: 400000, 403000, 404000, 405000, 405001, 409002, 502000.',
    reason: 'Clients should match the code, not the text.',
  },
  {
    area: 'Methods',
    azure:
      'What becomes of a call whose device leaves, answers garbage or is disabled is not documented.',
    emulator: '404104, 502 and 404103.',
    reason: 'The nearest codes of the official SDKs.',
  },
  {
    area: 'Jobs',
    azure:
      'The rows of a job can name a module, but how its condition addresses modules is not documented.',
    emulator: 'As in the target condition of a configuration: FROM devices.modules WHERE ….',
    reason: 'Not documented.',
  },
  {
    area: 'Jobs',
    azure: 'Whether ids may have upper case is not documented.',
    emulator: "Ids have a-z, 0-9, - and ' alone.",
    reason: 'So it was observed on a live hub.',
  },
  {
    area: 'Jobs',
    azure: 'The echo of a method payload is a list of bytes.',
    emulator: 'It is the payload as it was sent.',
    reason: 'No client relies on the bytes.',
  },
  {
    area: 'Jobs',
    azure: 'A history of 30 days.',
    emulator: 'Jobs are kept until the emulator ends, or for good with --persist.',
    reason: 'Emulators do not run for 30 days.',
  },
  {
    area: 'Rights',
    azure: 'POST /devices/query wants RegistryRead beside ServiceConnect in some documents.',
    emulator: 'ServiceConnect is enough.',
    reason: 'The sources disagree.',
  },
  {
    area: 'Quotas',
    azure:
      'A hub counts on for a little after its daily quota is used up. How a device is refused then is not documented.',
    emulator:
      'All requests are refused from then on: over HTTPS with 403, over MQTT with return code 3, and connected devices at their next message.',
    reason: 'Not documented.',
  },
  {
    area: 'Clocks',
    azure: 'How far a token may be past its end is not documented.',
    emulator: '300 seconds.',
    reason: 'Not documented.',
  },
  {
    area: 'MQTT',
    azure: 'The return code for a device that is unknown or disabled is not documented.',
    emulator: '5, not authorized, as for a wrong token.',
    reason: 'A stranger is not told which devices exist.',
  },
  {
    area: 'MQTT',
    azure: 'How a subscription that is not allowed is refused is not documented.',
    emulator: 'With 0x80 in SUBACK; the connection stays.',
    reason: 'Not documented.',
  },
  {
    area: 'MQTT',
    azure:
      'A device can subscribe to five topics at a time; what becomes of a sixth is not documented.',
    emulator: 'It is refused with 0x80 in SUBACK. Only a module has six different ones.',
    reason: 'Not documented.',
  },
  {
    area: 'MQTT',
    azure:
      "What becomes of a will on a topic that is not its device's, or at QoS 2, is not documented.",
    emulator: 'The connection is refused with 5, not authorized.',
    reason: 'Not documented. A will that could never be sent is a mistake to be seen early.',
  },
  {
    area: 'MQTT',
    azure: 'The issuer that is told for a device with a certificate is not documented.',
    emulator: 'iothub-connection-auth-method says external.',
    reason: 'Not documented.',
  },
  {
    area: 'Events',
    azure: 'Device-to-cloud messages are kept for one to seven days.',
    emulator:
      'The newest are kept, 10,000 and 16 MB of each partition, in memory alone, also with --persist.',
    reason: 'They are news, not state.',
  },
  {
    area: 'Feedback',
    azure:
      'Feedback waits for a service to come, and is offered to it again, within configured limits.',
    emulator:
      'The newest 1000 records wait, in memory alone, also with --persist. Over HTTPS they are locked for a minute, and offered again as often as need be.',
    reason: 'Feedback is news, not state.',
  },
  {
    area: 'Persistence',
    azure: 'What was acknowledged is kept.',
    emulator:
      'With --persist it survives kill -9, and with --sync also a loss of power. Without them, nothing survives.',
    reason: 'A sync of the disk for every write would slow down tests.',
  },
  {
    area: 'Faults, calls, state',
    azure: 'A hub has no such thing.',
    emulator:
      'Under /$emulator/ it can be told to fail, asked what reached it, emptied and filled.',
    reason: 'Tests need it.',
  },
];
