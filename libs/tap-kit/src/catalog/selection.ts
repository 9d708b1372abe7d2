import { PipelineError } from '@pipeline/protocol';
import type { JsonObject, JsonSchema } from '@pipeline/singer';
import type { Tap } from '../declaration.ts';
import { buildMask, type FieldSelected } from './field-mask.ts';
import { type FieldList, selectFields, unknownFields } from './field-selection.ts';
import { type ListedStream, listStreams, streamsOfTask } from './stream-list.ts';

/** An entry of `select`: a stream, and which of its fields. */
export interface SelectEntry {
  stream: string;
  /** @default all fields */
  fields?: FieldList | undefined;
}

/** Which streams are read, and which of their fields. */
export interface Selection {
  isSelected: (stream: string) => boolean;
  /** Whether a field is sent. Undefined: all of them. */
  fields: (stream: ListedStream) => FieldSelected | undefined;
  /** Fields that are asked for and that the stream does not have. */
  unknownFields?: (stream: ListedStream) => string[];
  /** Streams that are asked for and not known. */
  unknown: readonly string[];
}

/** The selection of `config.yml` or of a connection. Without a list, everything that is not declared as optional.
 *  @param options.isOpen streams that are not known may turn up later: they are no error
 *  @throws PipelineError `UNKNOWN_STREAM` that lists the streams there are. */
export function selectStreams(
  tap: Pick<Tap<never>, 'streams'>,
  select: readonly SelectEntry[] | undefined,
  { isOpen = false }: { isOpen?: boolean } = {},
): Selection {
  const listed = listStreams(tap);
  const known = listed.map(({ shape }) => shape.name);
  const byDefault = listed.filter(({ isDefault }) => isDefault).map(({ shape }) => shape.name);
  const wanted = new Map(
    (select ?? byDefault.map((stream): SelectEntry => ({ stream }))).map((entry) => [entry.stream, entry.fields]),
  );
  const unknown = [...wanted.keys()].filter((name) => !known.includes(name));
  if (unknown.length > 0 && !isOpen) throw unknownStreams(unknown, known);
  return {
    isSelected: (stream) => wanted.has(stream),
    fields: (stream) => {
      const list = wanted.get(stream.shape.name);
      return list === undefined ? undefined : selectFields(stream, list);
    },
    unknownFields: (stream) => unknownFields(stream, wanted.get(stream.shape.name) ?? []),
    unknown,
  };
}

export function unknownStreams(unknown: string[], known: string[]): PipelineError {
  return new PipelineError({
    code: 'UNKNOWN_STREAM',
    recovery: 'fix-config',
    message: `no such stream: ${unknown.join(', ')}. The streams are: ${known.join(', ')}`,
  });
}

/** A stream as its target sees it: the schema and the records without what is not selected. */
export interface SelectedStream extends ListedStream {
  schema: JsonSchema;
  /** Returns the record itself when every field is selected. */
  project: (record: JsonObject) => JsonObject;
  /** Undefined: all fields. */
  fields: FieldSelected | undefined;
}

/** The streams of a task that are selected. A child may be selected without its parent: the parent is read, but not sent. */
export function selectedStreams(task: Parameters<typeof streamsOfTask>[0], selection: Selection): SelectedStream[] {
  return streamsOfTask(task)
    .filter(({ shape }) => selection.isSelected(shape.name))
    .map((stream) => {
      const fields = selection.fields(stream);
      const mask = fields === undefined ? undefined : buildMask(stream.shape.schema, fields);
      return {
        ...stream,
        fields,
        schema: mask?.schema ?? stream.shape.schema,
        project: mask?.project ?? ((record) => record),
      };
    });
}
