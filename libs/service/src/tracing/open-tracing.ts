import type { ReceiverOptions } from './open-telemetry.ts';
import { noTracing, type Tracing } from './tracing.ts';

export interface TracingOptions extends Omit<ReceiverOptions, 'endpoint'> {
  /** Undefined: nothing is traced. */
  endpoint: string | undefined;
}

/** OpenTelemetry is loaded only when somebody listens: it costs 5 MB of memory and 0.2 s of a start. */
export async function openTracing(options: TracingOptions): Promise<Tracing> {
  const { endpoint } = options;
  if (endpoint === undefined) return noTracing;
  const { openTelemetry } = await import('./open-telemetry.ts');
  return openTelemetry({ ...options, endpoint });
}
