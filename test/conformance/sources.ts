/** What checks cite. Titles are those of Microsoft's documentation unless they say otherwise. */
export const sources = {
  rest: 'IoT Hub service REST API, version 2021-04-12',
  registry: 'Understand the identity registry in your IoT hub',
  modules: 'Understand and use module twins in IoT Hub',
  twins: 'Understand and use device twins in IoT Hub',
  query: 'IoT Hub query language for device and module twins, jobs, and message routing',
  methods: 'Understand and invoke direct methods from IoT Hub',
  jobs: 'Schedule jobs on multiple devices',
  messages: 'Send cloud-to-device messages from an IoT hub',
  access: 'Control access to IoT Hub by using shared access signatures',
  entra: 'Control access to IoT Hub by using Microsoft Entra ID',
  mqtt: 'Communicate with an IoT hub by using the MQTT protocol',
  amqp: 'Communicate with an IoT hub by using the AMQP protocol',
  events: 'Create and read IoT Hub messages',
  quotas: 'IoT Hub quotas and throttling',
  errors: 'Understand and resolve Azure IoT Hub error codes',
  edge: 'Understand the Azure IoT Edge runtime and its architecture',
  observed: 'Observed on a live hub: mwalser/terraform-provider-iothub, CONCEPT.md',
  explorer: 'Sent by Azure IoT Explorer and by the Azure CLI extension for IoT',
  docsIssue: 'Observed on live hubs: MicrosoftDocs/azure-docs issues 110329 and 105649',
  nodeService: 'Needed by azure-iothub 1.16 (Node.js)',
  nodeDevice: 'Needed by azure-iot-device-mqtt 1.16 (Node.js)',
  pythonDevice: 'Needed by azure-iot-device 2.14 (Python)',
  pythonService: 'Needed by azure-iot-hub 2.7 (Python)',
  javaService: 'Needed by the iot-service-client (Java)',
  csharp: 'Azure/azure-iot-sdk-csharp, error codes and its tests',
} as const;

/** A normative statement of MQTT 3.1.1. */
export function mqtt311(statement: string): string {
  return `MQTT 3.1.1, [${statement}]`;
}

/** A part of AMQP 1.0. */
export function amqp10(part: string): string {
  return `AMQP 1.0, part ${part}`;
}
