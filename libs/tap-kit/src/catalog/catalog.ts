import type { Catalog, CatalogEntry, CatalogMetadata, Json, JsonSchema } from '@pipeline/singer';
import type { StreamAccess, Tap } from '../declaration.ts';
import { type ListedStream, listStreams, replicationKeyOf } from './stream-list.ts';

/** The catalog of a tap. Streams are selected unless they are declared as optional, or `access` says that the account does not allow them. */
export function discoverCatalog(tap: Pick<Tap<never>, 'streams'>, access: readonly StreamAccess[] = []): Catalog {
  const byStream = new Map(access.map((entry) => [entry.stream, entry]));
  return { streams: listStreams(tap).map((stream) => catalogEntry(stream, byStream.get(stream.shape.name))) };
}

function catalogEntry(stream: ListedStream, access: StreamAccess | undefined): CatalogEntry {
  const { shape } = stream;
  return {
    stream: shape.name,
    tap_stream_id: shape.name,
    schema: shape.schema,
    key_properties: shape.keyProperties,
    metadata: [{ breadcrumb: [], metadata: streamMetadata(stream, access) }, ...propertyMetadata(stream)],
  };
}

function streamMetadata(stream: ListedStream, access: StreamAccess | undefined): Record<string, Json> {
  const { shape, root, replication, about, isDefault } = stream;
  const isReadable = access?.isReadable ?? true;
  const replicationKey = replicationKeyOf(stream);
  return {
    inclusion: 'available',
    'selected-by-default': isDefault && isReadable,
    'table-key-properties': shape.keyProperties,
    'forced-replication-method': replication.method,
    ...(replicationKey === undefined ? {} : { 'valid-replication-keys': [replicationKey] }),
    ...(root === shape.name ? {} : { 'parent-tap-stream-id': root }),
    ...(about === undefined ? {} : { endpoint: about.endpoint, scopes: about.scopes ?? [] }),
    ...(isReadable ? {} : { 'not-readable': access?.reason ?? 'the account does not allow it' }),
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
