import type { Json } from './json.ts';
import type { JsonSchema } from './schema.ts';

export interface CatalogMetadata {
  breadcrumb: string[];
  metadata: Record<string, Json>;
}

export interface CatalogEntry {
  stream: string;
  tap_stream_id: string;
  schema: JsonSchema;
  key_properties?: string[];
  metadata: CatalogMetadata[];
}

/** What a tap prints with `--discover` and reads with `--catalog`. */
export interface Catalog {
  streams: CatalogEntry[];
}
