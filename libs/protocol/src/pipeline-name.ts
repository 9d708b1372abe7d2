import { z } from 'zod';

/** A source system: `hubspot`, `xero`, `wrike`. Lower case, at most 31 characters: it becomes part of queue names. */
export const SourceName = z.string().regex(/^[a-z][a-z0-9_]{0,30}$/);

/** A Singer stream, the unit a user selects: `deals`. It becomes part of a routing key and of a table name. */
export const StreamName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,119}$/);

/** The name users see in configuration, logs and the API: `pipeline_hubspot_to_postgres`. */
export function pipelineName(source: string): string {
  return `pipeline_${source}_to_postgres`;
}

/** The source of a pipeline named in full (`pipeline_xero_to_postgres`) or in short (`xero`, `tap-xero`). */
export function sourceOfPipeline(name: string): string {
  return name
    .trim()
    .replace(/^pipeline_(.+)_to_postgres$/, '$1')
    .replace(/^tap-/, '');
}
