import { createHash } from 'node:crypto';
import type { SchemaMessage } from '@pipeline/singer';
import type { StreamOptions } from '../stream-options.ts';
import type { Table } from './table.ts';

interface Place {
  databaseSchema: string;
  schema: SchemaMessage;
  options?: StreamOptions;
}

/** Tables of a large source with room for changes of their schemas: to describe one again costs as much as to load it. */
const TABLES_MAX = 8_000;

/** Tables by schema, so that the catalog is asked once and not for every batch. */
export class TableCache {
  readonly #load: (place: Place) => Promise<Table>;
  readonly #tables = new Map<string, Promise<Table>>();

  constructor(load: (place: Place) => Promise<Table>) {
    this.#load = load;
  }

  get(place: Place): Promise<Table> {
    const key = cacheKey(place);
    const known = this.#tables.get(key);
    if (known !== undefined) return known;
    const table = this.#load(place);
    const [oldest] = this.#tables.keys();
    if (this.#tables.size >= TABLES_MAX && oldest !== undefined) this.#tables.delete(oldest);
    this.#tables.set(key, table);
    table.catch(() => this.#tables.delete(key));
    return table;
  }

  /** The table has changed, for every schema of its stream. */
  forget({ databaseSchema, stream }: { databaseSchema: string; stream: string }): void {
    const prefix = cachePrefix(databaseSchema, stream);
    for (const key of this.#tables.keys()) if (key.startsWith(prefix)) this.#tables.delete(key);
  }
}

function cacheKey(place: Place): string {
  const { schema, key_properties } = place.schema;
  const hash = createHash('sha256')
    .update(JSON.stringify([schema, key_properties, place.options]))
    .digest('base64');
  return cachePrefix(place.databaseSchema, place.schema.stream) + hash;
}

function cachePrefix(databaseSchema: string, stream: string): string {
  return `${JSON.stringify([databaseSchema, stream])} `;
}
