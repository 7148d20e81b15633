import {
  type Attributes,
  context,
  propagation,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';

/** The one tracer of the gateway. It records nothing unless the process has a provider. */
const tracer = trace.getTracer('twinql');

/** What a span stands for. */
export interface SpanDescription {
  readonly name: string;
  /** INTERNAL unless said otherwise. */
  readonly kind?: SpanKind;
  /** Never a secret, nor what callers or devices sent. */
  readonly attributes?: Attributes;
  /** What an error is called in `error.type`. Default: its name. */
  readonly errorType?: (error: unknown) => string;
}

type Task<T> = (span: Span | undefined) => Promise<T>;

/**
 * Runs a task in a span below the current one. What is part of no trace is run as it is, and not
 * even described: nothing is recorded of polling, and of requests only while the process is traced.
 */
export function inSpan<T>(describe: () => SpanDescription, task: Task<T>): Promise<T> {
  if (trace.getActiveSpan() === undefined) return task(undefined);
  const { name, kind = SpanKind.INTERNAL, attributes = {}, errorType = nameOf } = describe();
  return tracer.startActiveSpan(name, { kind, attributes }, (span) => run(span, task, errorType));
}

/**
 * Runs a request in a span of its own: below the one that its headers name (W3C `traceparent`),
 * below the current one, or the first of a trace. Where nothing records it, it is run as it is.
 */
export function traceRequest<T>(
  { name, attributes = {}, errorType = nameOf }: SpanDescription,
  task: Task<T>,
  headers: object = {},
): Promise<T> {
  const parent = propagation.extract(context.active(), headers);
  const span = tracer.startSpan(name, { kind: SpanKind.SERVER, attributes }, parent);
  if (!span.isRecording()) return task(undefined);
  return context.with(trace.setSpan(parent, span), () => run(span, task, errorType));
}

/** The trace that the running task is part of, by the names that logs have for it. */
export function currentTrace():
  | { readonly trace_id: string; readonly span_id: string }
  | undefined {
  const span = trace.getActiveSpan()?.spanContext();
  return span && { trace_id: span.traceId, span_id: span.spanId };
}

/** Marks what a span stands for as failed, by the kind of the error; its message may quote callers. */
export function fail(span: Span, type: string): void {
  span.setAttribute('error.type', type);
  span.setStatus({ code: SpanStatusCode.ERROR });
}

async function run<T>(
  span: Span,
  task: Task<T>,
  errorType: (error: unknown) => string,
): Promise<T> {
  try {
    return await task(span);
  } catch (error) {
    fail(span, errorType(error));
    throw error;
  } finally {
    span.end();
  }
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}
