/** Where a span belongs, as the header `traceparent` says it. https://www.w3.org/TR/trace-context/#traceparent-header */
export interface TraceContext {
  /** 32 hexadecimal digits. */
  traceId: string;
  /** 16 hexadecimal digits. */
  spanId: string;
}

const TRACEPARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}$/;
const NOTHING = /^0+$/;
const SPAN_DIGITS = 16;

/** The span of a cycle, which is its trace. Ids come from the cycle's own, so that whoever takes over a cycle goes on with its trace. */
export function cycleTrace(cycleId: string): TraceContext {
  return { traceId: digitsOf(cycleId), spanId: spanIdOf(cycleId) };
}

/** The span of a run, in the trace of its cycle. */
export function runTrace(cycleId: string, runId: string): TraceContext {
  return { traceId: digitsOf(cycleId), spanId: spanIdOf(runId) };
}

/** As a header. Everything is sampled: a cycle has few spans. */
export function formatTraceparent({ traceId, spanId }: TraceContext): string {
  return `00-${traceId}-${spanId}-01`;
}

/** Undefined when it is none: anybody with access may have sent it. */
export function parseTraceparent(header: string | undefined): TraceContext | undefined {
  const [, traceId, spanId] = TRACEPARENT.exec(header ?? '') ?? [];
  if (traceId === undefined || spanId === undefined || NOTHING.test(traceId) || NOTHING.test(spanId)) return undefined;
  return { traceId, spanId };
}

/** Never zero: the variant of a UUID is in its second half. */
const spanIdOf = (uuid: string): string => digitsOf(uuid).slice(-SPAN_DIGITS);
const digitsOf = (uuid: string): string => uuid.replaceAll('-', '');
