import { sql, statement } from '@pipeline/postgres';

const { bool, float8, jsonb, nullable, text, timestamptz } = sql;

export const upsertSource = statement({
  name: 'source.upsert_source',
  text: `insert into pipeline.sources (source, description) values ($1, $2)
         on conflict (source) do update set description = excluded.description, seen_at = clock_timestamp()`,
  parameters: { source: text, description: jsonb() },
});

/** All, or the one that is named. */
export const selectSources = statement({
  name: 'source.select_sources',
  text: `select description, seen_at as "seenAt", seen_at > clock_timestamp() - make_interval(secs => $1) as "isAlive"
         from pipeline.sources where $2::text is null or source = $2 order by source`,
  parameters: { aliveSeconds: float8, source: nullable(text) },
  row: { description: jsonb<unknown>(), seenAt: timestamptz, isAlive: bool },
});
