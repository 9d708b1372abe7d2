import { sql, statement } from '@pipeline/postgres';

const { bool, jsonb, neverNull, nullable, text, texts, timestamptz } = sql;

export const requestRun = statement({
  name: 'request.request_run',
  text: `update pipeline.pipelines
         set requested_streams = case when requested_at is not null and requested_streams is null or $2::text[] is null then null
                                      else array(select distinct unnest(coalesce(requested_streams, '{}') || $2::text[]) order by 1) end,
             requested_full_read = requested_full_read or $3, requested_mass_deletes = requested_mass_deletes or $4, requested_by = $5,
             requested_at = coalesce(requested_at, clock_timestamp())
         where name = $1 returning requested_at as at`,
  parameters: { name: text, streams: nullable(texts), fullRead: bool, massDeletes: bool, by: text },
  row: { at: neverNull(timestamptz) },
});

export const wakePipeline = statement({
  name: 'request.wake_pipeline',
  text: `update pipeline.pipelines
         set requested_streams = null, requested_at = coalesce(requested_at, clock_timestamp()), requested_by = coalesce(requested_by, 'webhook')
         where name = $1 and not paused`,
  parameters: { name: text },
});

export const pausePipeline = statement({
  name: 'request.pause_pipeline',
  text: `update pipeline.pipelines
         set paused = true, paused_at = coalesce(case when paused then paused_at end, clock_timestamp()), paused_by = $2, pause_reason = $3, paused_until = $4
         where name = $1`,
  parameters: { name: text, by: text, reason: nullable(text), until: nullable(timestamptz) },
});

export const resumePipeline = statement({
  name: 'request.resume_pipeline',
  text: `update pipeline.pipelines
         set paused = false, paused_at = null, paused_by = null, pause_reason = null, paused_until = null, failures_in_row = 0, retry_at = null
         where name = $1`,
  parameters: { name: text },
});

export const resumeDuePipelines = statement({
  name: 'request.resume_due_pipelines',
  text: `update pipeline.pipelines
         set paused = false, paused_at = null, paused_by = null, pause_reason = null, paused_until = null, failures_in_row = 0
         where paused and paused_until <= clock_timestamp() returning name`,
  row: { name: text },
});

export const updateSchedule = statement({
  name: 'request.update_schedule',
  text: 'update pipeline.pipelines set schedule = $2 where name = $1',
  parameters: { name: text, schedule: nullable(jsonb()) },
});
