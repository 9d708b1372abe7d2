import { sql, statement } from '@pipeline/postgres';
import type { PipelineStreams } from './pipeline-streams.ts';

const { text, bool, float8, jsonb } = sql;

export const upsertPipeline = statement({
  name: 'pipeline.upsert',
  text: `insert into pipeline.pipelines (name, source, streams) values ($1, $2, $3)
         on conflict (name) do update set streams = excluded.streams, seen_at = clock_timestamp()`,
  parameters: { name: text, source: text, streams: jsonb() },
});

export const selectPipelines = statement({
  name: 'pipeline.select_all',
  text: `select name, source, streams, paused, requested_at is not null as requested,
           schedule is not null as "hasOwnSchedule",
           seen_at > clock_timestamp() - make_interval(secs => $1) as "isAlive"
         from pipeline.pipelines order by name`,
  parameters: { aliveSeconds: float8 },
  row: {
    name: text,
    source: text,
    streams: jsonb<PipelineStreams[]>(),
    paused: bool,
    requested: bool,
    // It runs by its own schedule, not with every cycle.
    hasOwnSchedule: bool,
    // A replica of its tap was seen lately.
    isAlive: bool,
  },
});

export const requestPipeline = statement({
  name: 'pipeline.request',
  text: `update pipeline.pipelines
         set requested_at = coalesce(requested_at, clock_timestamp()),
             requested_full_read = requested_full_read or $2,
             requested_mass_deletes = requested_mass_deletes or $3
         where name = $1`,
  parameters: { name: text, fullRead: bool, massDeletes: bool },
});
