import type { SchemaMessage } from '@pipeline/singer';
import type { RecordValidator } from './input/record-validator.ts';
import type { WrittenStream } from './written-stream.ts';

/** A stream of the input. */
export interface TargetStream extends WrittenStream {
  /** As the tap sent it: records are flattened by it. */
  nested: SchemaMessage;
  /** The SCHEMA line: most of those that follow are the same. */
  schemaLine: string;
  /** Version that the last ACTIVATE_VERSION announced: records of a BATCH, which carry none, belong to it. */
  version: string | undefined;
  /** An ACTIVATE_VERSION that came before its records. */
  activateAtEnd: string | undefined;
  validator: RecordValidator | undefined;
}
