type Environment = Readonly<Record<string, string | undefined>>;

/** How long a stop waits for spans that are not sent yet (ms). */
const LAST_EXPORT = 1_000;

/**
 * Has the gateway traced by OpenTelemetry where the standard variables ask for it, and sent by OTLP
 * over HTTP, as JSON, to where they say; what they do not mention is as OpenTelemetry has it.
 * Without them the SDK is not even loaded. Returns how to send the last spans, in bounded time.
 */
export async function startTracing(environment: Environment): Promise<() => Promise<void>> {
  if (!isAskedFor(environment)) return async () => {};
  const [{ BatchSpanProcessor, NodeTracerProvider }, { OTLPTraceExporter }, resources] =
    await Promise.all([
      import('@opentelemetry/sdk-trace-node'),
      import('@opentelemetry/exporter-trace-otlp-http'),
      import('@opentelemetry/resources'),
    ]);
  const { defaultResource, detectResources, envDetector, resourceFromAttributes } = resources;
  const provider = new NodeTracerProvider({
    resource: defaultResource()
      .merge(resourceFromAttributes({ 'service.name': 'twinql' }))
      // The standard variables have the last word.
      .merge(detectResources({ detectors: [envDetector] })),
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())],
  });
  provider.register();
  return async () => {
    const sent = provider.shutdown().catch(() => {});
    await Promise.race([sent, new Promise((resolve) => setTimeout(resolve, LAST_EXPORT).unref())]);
  };
}

function isAskedFor(environment: Environment): boolean {
  const { OTEL_SDK_DISABLED: disabled, OTEL_TRACES_EXPORTER: exporter = 'otlp' } = environment;
  const endpoint =
    environment['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'] || environment['OTEL_EXPORTER_OTLP_ENDPOINT'];
  return Boolean(endpoint) && disabled?.toLowerCase() !== 'true' && exporter === 'otlp';
}
