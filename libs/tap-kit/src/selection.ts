import { PipelineError } from '@pipeline/contracts';
import type { JsonObject, JsonSchema } from '@pipeline/singer';
import { buildMask, type FieldSelected } from './field-mask.ts';
import { type ListedStream, streamsOfTask } from './stream-list.ts';

/** Which streams are read, and which of their fields. */
export interface Selection {
  isSelected: (stream: string) => boolean;
  /** Whether a field is sent. Undefined: all of them. */
  fields: (stream: string) => FieldSelected | undefined;
}

/** The selection of `config.yml`: whole streams by name. Without a list everything is selected.
 *  @throws PipelineError `UNKNOWN_STREAM` that lists the streams there are. */
export function selectStreams(known: string[], select: string[] | undefined): Selection {
  const wanted = new Set(select ?? known);
  const unknown = [...wanted].filter((name) => !known.includes(name));
  if (unknown.length > 0) throw unknownStreams(unknown, known);
  return { isSelected: (stream) => wanted.has(stream), fields: () => undefined };
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
  /** Gives the record itself when every field is selected. */
  project: (record: JsonObject) => JsonObject;
}

/** The streams of a task that are selected. A child may be selected without its parent: the parent is read, but not sent. */
export function selectedStreams(task: Parameters<typeof streamsOfTask>[0], selection: Selection): SelectedStream[] {
  return streamsOfTask(task)
    .filter(({ shape }) => selection.isSelected(shape.name))
    .map((stream) => {
      const fields = selection.fields(stream.shape.name);
      const mask = fields === undefined ? undefined : buildMask(stream.shape.schema, fields);
      return {
        ...stream,
        schema: mask?.schema ?? stream.shape.schema,
        project: mask?.project ?? ((record) => record),
      };
    });
}
