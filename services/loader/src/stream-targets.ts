import { type PipelineStream, targetSchema } from '@pipeline/control';
import type { Pool } from '@pipeline/postgres';
import type { StreamOptions } from '@pipeline/warehouse';
import { type SettingsByPattern, settingsOf } from './stream-settings.ts';

/** Where a stream goes and how. */
export interface StreamTarget {
  databaseSchema: string;
  options: StreamOptions;
  /** Rows that are marked as deleted are removed at the end of a complete attempt. */
  deletes: 'soft' | 'hard';
}

export type StreamTargets = (stream: PipelineStream) => Promise<StreamTarget>;

/** The schema of a connection may be changed on the page; a loader knows of it after this long. */
const KNOWN_MS = 30_000;
const KNOWN_MAX = 10_000;

/** Without settings: a schema named as the source. */
export const targetOfSource: StreamTargets = async ({ source }) => ({
  databaseSchema: source,
  options: {},
  deletes: 'soft',
});

/** As `config.yml` and the connections say. */
export function configuredTargets(pool: Pool, settings: SettingsByPattern, now: () => number): StreamTargets {
  const known = new Map<string, { target: Promise<StreamTarget>; until: number }>();
  return (stream) => {
    const key = JSON.stringify([stream.pipeline, stream.stream]);
    const found = known.get(key);
    if (found !== undefined && found.until > now()) return found.target;
    const target = lookUp(pool, settings, stream);
    if (known.size >= KNOWN_MAX) known.clear();
    known.set(key, { target, until: now() + KNOWN_MS });
    target.catch(() => known.delete(key));
    return target;
  };
}

async function lookUp(pool: Pool, settings: SettingsByPattern, stream: PipelineStream): Promise<StreamTarget> {
  const connection = /^pipeline_(.+)_to_postgres$/.exec(stream.pipeline)?.[1] ?? stream.source;
  const { schema, table, naming, contract, key_change, deletes, columns } = settingsOf(
    settings,
    connection,
    stream.stream,
  );
  return {
    databaseSchema: await targetSchema(pool, stream, schema),
    options: { table, naming, contract, keyChange: key_change, columnTypes: columns },
    deletes: deletes ?? 'soft',
  };
}
