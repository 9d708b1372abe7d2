import type { Replication, Stream, StreamAbout, StreamShape, Tap } from '../declaration.ts';

/** A stream of the catalog: a root stream or a child, with the root whose read brings it. */
export interface ListedStream {
  shape: StreamShape;
  /** Name of the root stream; its own name for a root. */
  root: string;
  replication: Replication;
  /** Read unless streams are chosen. */
  isDefault: boolean;
  about: StreamAbout | undefined;
}

/** All streams of a tap, children after their parents. */
export function listStreams(tap: Pick<Tap<never>, 'streams'>): ListedStream[] {
  return tap.streams.flatMap(streamsOfTask);
}

/** The streams of one task: the root, then its children. */
export function streamsOfTask(
  stream: Pick<Stream<never>, 'children' | 'replication' | 'isSelectedByDefault' | 'about'> & StreamShape,
): ListedStream[] {
  return [stream, ...(stream.children ?? [])].map((shape) => ({
    shape,
    root: stream.name,
    replication: stream.replication,
    isDefault: stream.isSelectedByDefault ?? true,
    about: stream.about,
  }));
}

/** The replication key, if it is a column of this stream. A source may filter by something that a record does not show, and a child
 *  seldom carries its parent's key. */
export function replicationKeyOf({ shape, replication }: ListedStream): string | undefined {
  if (replication.method !== 'INCREMENTAL') return undefined;
  return shape.schema.properties?.[replication.key] === undefined ? undefined : replication.key;
}
