import type { Catalog, CatalogEntry, CatalogMetadata, Json, JsonSchema } from '@pipeline/singer';
import type { Tap } from './declaration.ts';
import { type ListedStream, listStreams, replicationKeyOf } from './stream-list.ts';

/** The catalog of a tap, from its declaration alone: no request, no credentials. All streams are selected unless a user says otherwise. */
export function discoverCatalog(tap: Pick<Tap<never>, 'streams'>): Catalog {
  return { streams: listStreams(tap).map(catalogEntry) };
}

function catalogEntry(stream: ListedStream): CatalogEntry {
  const { shape } = stream;
  return {
    stream: shape.name,
    tap_stream_id: shape.name,
    schema: shape.schema,
    key_properties: shape.keyProperties,
    metadata: [{ breadcrumb: [], metadata: streamMetadata(stream) }, ...propertyMetadata(stream)],
  };
}

function streamMetadata(stream: ListedStream): Record<string, Json> {
  const { shape, root, replication } = stream;
  const replicationKey = replicationKeyOf(stream);
  return {
    inclusion: 'available',
    'selected-by-default': true,
    'table-key-properties': shape.keyProperties,
    'forced-replication-method': replication.method,
    ...(replicationKey === undefined ? {} : { 'valid-replication-keys': [replicationKey] }),
    ...(root === shape.name ? {} : { 'parent-tap-stream-id': root }),
  };
}

/** Keys and the replication key are `automatic`: they are sent even when nobody selects them. */
function propertyMetadata(stream: ListedStream): CatalogMetadata[] {
  const automatic = new Set([...stream.shape.keyProperties, replicationKeyOf(stream)]);
  return breadcrumbsOf(stream.shape.schema, []).map((breadcrumb) => ({
    breadcrumb,
    metadata:
      breadcrumb.length === 2 && automatic.has(breadcrumb[1])
        ? { inclusion: 'automatic' }
        : { inclusion: 'available', 'selected-by-default': true },
  }));
}

/** Every property at every depth; the properties of an array's items lie below `items`. */
function breadcrumbsOf(schema: JsonSchema, parent: string[]): string[][] {
  const own = Object.entries(schema.properties ?? {}).flatMap(([name, property]) => {
    const breadcrumb = [...parent, 'properties', name];
    return [breadcrumb, ...breadcrumbsOf(property, breadcrumb)];
  });
  return schema.items === undefined ? own : [...own, ...breadcrumbsOf(schema.items, [...parent, 'items'])];
}
