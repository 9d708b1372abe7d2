import type { TraceContext } from '@pipeline/protocol';

/** What a span says of its work. No record value and no secret. */
export type SpanAttributes = Record<string, string | number | boolean>;

export interface SpanOptions {
  /** What it is a part of. @default a trace of its own */
  parent?: TraceContext | undefined;
  /** Further work that it is done for. */
  links?: TraceContext[];
  /** `consumer`: it was asked for by a message. @default internal */
  kind?: 'consumer' | 'internal';
  attributes: SpanAttributes;
}

/** A piece of work that has an end. */
export interface Span {
  /** For what is done on its behalf, as the header `traceparent`. Undefined: nothing is traced. */
  readonly traceparent: string | undefined;
  set(attributes: SpanAttributes): void;
  /** The work failed. @param reason without record values and secrets */
  fail(reason: string): void;
  end(): void;
}

/** Work that is over, told from what was written down of it. */
export interface PastSpan extends SpanOptions {
  name: string;
  /** What it was known by while it lasted. */
  as: TraceContext;
  startedAt: Date;
  endedAt: Date;
  /** Why it failed. */
  error: string | null;
}

export interface Tracing {
  /** Whether anybody listens. */
  readonly isOn: boolean;
  start(name: string, options: SpanOptions): Span;
  tell(span: PastSpan): void;
  /** Sends what is left, for a bounded time. */
  stop(): Promise<void>;
}

const noSpan: Span = { traceparent: undefined, set: () => undefined, fail: () => undefined, end: () => undefined };

/** Traces nothing and costs nothing. */
export const noTracing: Tracing = {
  isOn: false,
  start: () => noSpan,
  tell: () => undefined,
  stop: () => Promise.resolve(),
};
