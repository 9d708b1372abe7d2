import {
  type Link,
  type Span as OpenTelemetrySpan,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import { setGlobalErrorHandler } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, type IdGenerator, RandomIdGenerator, TracerProvider } from '@opentelemetry/sdk-trace';
import { errorMessage, formatTraceparent, type Logger, type TraceContext } from '@pipeline/protocol';
import { createLogThrottle, within } from '@pipeline/resilience';
import type { PastSpan, Span, SpanOptions, Tracing } from './tracing.ts';

export interface ReceiverOptions {
  /** Of the service. */
  name: string;
  /** Base address of an OTLP/HTTP receiver: `http://collector:4318`. */
  endpoint: string;
  headers: Record<string, string>;
  logger: Logger;
}

/** Spans that wait to be sent; further ones are lost. */
const QUEUE_MAX = 2_048;
const EXPORT_MS = 2_000;
const EXPORT_TIMEOUT_MS = 5_000;
/** Of a stop, which has 8 s for everything. */
const LAST_EXPORT_MS = 1_500;
/** Longest value of an attribute. */
const VALUE_CHARS_MAX = 1_000;

/** Sends spans by OTLP over HTTP, in the background. A receiver that is away costs the spans and nothing else. */
export function openTelemetry({ name, endpoint, headers, logger }: ReceiverOptions): Tracing {
  const onLost = lostSpansLog(logger, endpoint);
  setGlobalErrorHandler(onLost);
  const ids = new Ids();
  const exporter = new OTLPTraceExporter({
    url: `${endpoint.replace(/\/+$/, '')}/v1/traces`,
    headers,
    timeoutMillis: EXPORT_TIMEOUT_MS,
  });
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': name, 'service.namespace': 'pipeline' }),
    idGenerator: ids,
    spanLimits: { attributeValueLengthLimit: VALUE_CHARS_MAX },
    spanProcessors: [
      new BatchSpanProcessor({
        exporter,
        maxQueueSize: QUEUE_MAX,
        scheduledDelayMillis: EXPORT_MS,
        exportTimeoutMillis: EXPORT_TIMEOUT_MS,
      }),
    ],
  });
  const tracer = provider.getTracer('pipeline');
  return {
    isOn: true,
    start: (name, options) => spanOf(begin(tracer, name, options)),
    tell: (past) => tell(tracer, ids, past),
    stop: async () => {
      await within(provider.shutdown().catch(onLost), LAST_EXPORT_MS, undefined);
    },
  };
}

function begin(tracer: Tracer, name: string, options: SpanOptions, startTime?: Date): OpenTelemetrySpan {
  const { parent, links = [], kind, attributes } = options;
  const context = parent === undefined ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, remote(parent));
  return tracer.startSpan(
    name,
    {
      attributes,
      links: links.map((link): Link => ({ context: remote(link) })),
      kind: kind === 'consumer' ? SpanKind.CONSUMER : SpanKind.INTERNAL,
      ...(startTime === undefined ? {} : { startTime }),
    },
    context,
  );
}

function tell(tracer: Tracer, ids: Ids, { name, as, startedAt, endedAt, error, ...options }: PastSpan): void {
  const span = ids.as(as, () => begin(tracer, name, options, startedAt));
  if (error !== null) span.setStatus({ code: SpanStatusCode.ERROR, message: error });
  span.end(endedAt);
}

function spanOf(span: OpenTelemetrySpan): Span {
  return {
    traceparent: formatTraceparent(span.spanContext()),
    set: (attributes) => void span.setAttributes(attributes),
    fail: (message) => void span.setStatus({ code: SpanStatusCode.ERROR, message }),
    end: () => span.end(),
  };
}

const remote = (context: TraceContext) => ({ ...context, traceFlags: TraceFlags.SAMPLED, isRemote: true });

/** Random ids, but for work that had its id before it became a span. */
class Ids implements IdGenerator {
  readonly #random = new RandomIdGenerator();
  #next: TraceContext | undefined;

  as<T>(context: TraceContext, make: () => T): T {
    this.#next = context;
    try {
      return make();
    } finally {
      this.#next = undefined;
    }
  }

  generateTraceId(): string {
    return this.#next?.traceId ?? this.#random.generateTraceId();
  }

  generateSpanId(): string {
    return this.#next?.spanId ?? this.#random.generateSpanId();
  }
}

/** Once a minute while it lasts. */
function lostSpansLog(logger: Logger, endpoint: string): (error: unknown) => void {
  const throttle = createLogThrottle();
  const { origin } = new URL(endpoint);
  return (error) => {
    const due = throttle.due('export');
    if (due === undefined) return;
    const text = `traces cannot be sent: ${errorMessage(error)}; see OTEL_EXPORTER_OTLP_ENDPOINT`;
    logger.warn({ endpoint: origin, ...due }, text);
  };
}
