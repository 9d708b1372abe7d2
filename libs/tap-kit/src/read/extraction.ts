import { PipelineError } from '@pipeline/protocol';
import type { JsonObject } from '@pipeline/singer';
import { type SelectedStream, type Selection, selectedStreams } from '../catalog/selection.ts';
import type { Extract, ReadContext, Stream } from '../declaration.ts';

/** What a read yields, with the streams it belongs to. */
export type Extracted =
  | { type: 'records'; stream: SelectedStream; records: JsonObject[] }
  | Exclude<Extract, { type: 'records' }>;

/** Runs a stream's read: leaves out what is not selected and checks what the declaration promised. Ends with the error that `stop` carries
 *  when the process shuts down: a read that ended early must never pass for a complete one.
 *  @throws PipelineError from the source, or `TAP_UNKNOWN_STREAM` for a fault of the declaration. */
export async function* extract<Settings>(
  task: Stream<Settings>,
  selection: Selection,
  context: Omit<ReadContext<Settings>, 'isSelected' | 'signal'>,
  signals: { stop: AbortSignal; abort: AbortSignal },
): AsyncGenerator<Extracted, void> {
  const streams = new Map(selectedStreams(task, selection).map((stream) => [stream.shape.name, stream]));
  const known = new Set([task, ...(task.children ?? [])].map((shape) => shape.name));
  const signal = AbortSignal.any([signals.stop, signals.abort]);
  const stopIfAsked = () => {
    signals.abort.throwIfAborted();
    signals.stop.throwIfAborted();
  };
  const isSelected = (name: string, field?: string): boolean => {
    const stream = streams.get(name);
    return stream !== undefined && (field === undefined || (stream.fields?.(['properties', field]) ?? true));
  };
  stopIfAsked();
  yield* unknownFieldNotices([...streams.values()], selection);
  for await (const item of task.read({ ...context, isSelected, signal })) {
    if ('stream' in item && !known.has(item.stream)) throw unknownStream(task.name, item.stream);
    if (item.type === 'checkpoint') yield item;
    else {
      const stream = streams.get(item.stream);
      if (stream !== undefined)
        yield item.type === 'records' ? { ...item, stream, records: item.records.map(stream.project) } : item;
    }
    stopIfAsked();
  }
  stopIfAsked();
}

function unknownFieldNotices(streams: SelectedStream[], selection: Selection): Extracted[] {
  return streams.flatMap((stream): Extracted[] => {
    const unknown = selection.unknownFields?.(stream) ?? [];
    if (unknown.length === 0) return [];
    const { name } = stream.shape;
    const message = `\`select\` names fields that ${name} does not have: ${unknown.slice(0, 10).join(', ')}`;
    return [{ type: 'notice', stream: name, code: 'UNKNOWN_FIELD', message }];
  });
}

function unknownStream(task: string, stream: string): PipelineError {
  return new PipelineError({
    code: 'TAP_UNKNOWN_STREAM',
    recovery: 'fail',
    message: `the read of ${task} returned records of ${stream}, which it does not declare`,
  });
}
