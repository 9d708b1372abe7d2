import { PipelineError } from '@pipeline/protocol';
import { type JsonSchema, parseMessage, type SchemaMessage } from '@pipeline/singer';
import { invalidMessage } from './input-error.ts';

/** A SCHEMA message, checked. Without "key_properties" the stream has no key.
 *  @throws PipelineError `SINGER_INVALID_MESSAGE`. */
export function readSchema(line: string): SchemaMessage {
  const message = { key_properties: [], ...parseMessage(line) };
  if (!isSchema(message)) {
    throw invalidMessage('a SCHEMA message has "stream", "schema" and a list of "key_properties"');
  }
  return message;
}

/** @throws PipelineError `SCHEMA_NOT_OBJECT` for a schema that describes no records. */
export function checkRoot(message: SchemaMessage): void {
  if (!describesObjects(message.schema)) {
    throw new PipelineError({
      code: 'SCHEMA_NOT_OBJECT',
      recovery: 'fail',
      message:
        `stream ${message.stream}: the root of its schema has the type ${JSON.stringify(message.schema.type ?? null)}, ` +
        'and a record is an object: correct the schema of the tap',
      context: { stream: message.stream },
    });
  }
}

/** A schema without a type may be of objects. */
function describesObjects({ type }: JsonSchema): boolean {
  return type === undefined || type === 'object' || (Array.isArray(type) && type.includes('object'));
}

function isSchema(message: object): message is SchemaMessage {
  return (
    'stream' in message &&
    typeof message.stream === 'string' &&
    'schema' in message &&
    typeof message.schema === 'object' &&
    message.schema !== null &&
    !Array.isArray(message.schema) &&
    'key_properties' in message &&
    Array.isArray(message.key_properties) &&
    message.key_properties.every((key) => typeof key === 'string')
  );
}
