import type { DiscoverContext } from '@pipeline/tap-kit';
import { ModelWarehouse, type ReadOptions, readStream, type StreamRead } from '@pipeline/tap-kit/testing';
import type { TruthStream } from '../../sandbox/src/source-api.ts';
import type { Settings } from '../src/settings.ts';
import { tap } from '../src/tap.ts';

/** Reads streams on from where they were, into a model of the warehouse. */
export interface Reader {
  read: (stream: string, options?: Partial<ReadOptions>) => Promise<StreamRead>;
  /** What of the stream and its children is missing, different or left over. */
  differences: (stream: string, select?: readonly { stream: string }[]) => string[];
}

export function readerOf(
  session: DiscoverContext<Settings>,
  clock: { ms: number },
  truthOf: (stream: string) => TruthStream,
): Reader {
  const warehouse = new ModelWarehouse(tap.streams);
  const states = new Map<string, ReadOptions['state']>();
  return {
    read: async (name, more = {}) => {
      const state = states.get(name);
      const startedAt = new Date(clock.ms).toISOString();
      const context = { account: undefined, ...session };
      const read = await readStream(context, streamOf(name), { startedAt, ...(state && { state }), ...more });
      warehouse.load(read);
      states.set(name, read.state);
      return read;
    },
    differences: (name, select) =>
      [name, ...(streamOf(name).children ?? []).map((child) => child.name)]
        .filter((stream) => select?.some((one) => one.stream === stream) ?? true)
        .flatMap((stream) => warehouse.differences(truthOf(stream))),
  };
}

export function streamOf(name: string): (typeof tap.streams)[number] {
  const stream = tap.streams.find((one) => one.name === name);
  if (!stream) throw new RangeError(`no stream ${name}`);
  return stream;
}
