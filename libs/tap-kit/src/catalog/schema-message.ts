import type { SchemaMessage } from '@pipeline/singer';
import type { SelectedStream } from './selection.ts';
import { replicationKeyOf } from './stream-list.ts';

/** The SCHEMA that goes before a stream's records. */
export function schemaMessage(stream: SelectedStream): SchemaMessage {
  const replicationKey = replicationKeyOf(stream);
  return {
    type: 'SCHEMA',
    stream: stream.shape.name,
    schema: stream.schema,
    key_properties: stream.shape.keyProperties,
    ...(replicationKey === undefined ? {} : { bookmark_properties: [replicationKey] }),
  };
}
