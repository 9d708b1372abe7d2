import { sql, statement } from '@pipeline/postgres';

const { text, texts, uuid, int8, nullable, bool, neverNull } = sql;

/** What the tables of a task are now, of which its bookmark is right. */
export const measureTables = statement({
  name: 'table_identity.measure',
  text: `with measured as (
           update pipeline.target_tables set task_pipeline = $2, task_stream = $3
           where database_schema = pipeline.target_schema($2, stream, $1) and stream = any($4)
             -- What somebody did during an incremental read stays to be found by the next claim.
             and (pipeline.table_finding(database_schema, stream) is null
                  or coalesce((select a.full_read from pipeline.attempts a where a.epoch = $5), $5 is null))
           returning database_schema, stream
         ), resolved as (
           update pipeline.table_findings f set resolved_at = clock_timestamp()
           from measured m where f.database_schema = m.database_schema and f.stream = m.stream and f.resolved_at is null
         )
         select count(pipeline.measure_table(m.database_schema, m.stream)) >= 0 as done from measured m`,
  parameters: {
    databaseSchema: text,
    pipeline: nullable(text),
    taskStream: nullable(text),
    streams: texts,
    epoch: nullable(int8),
  },
  row: { done: bool },
});

/** Tables of a task that are no longer what they were when its bookmark was right. */
export const selectChangedTables = statement({
  name: 'table_identity.select_changed',
  text: `select t.database_schema, t.stream, f.finding
         from pipeline.target_tables t cross join lateral pipeline.table_finding(t.database_schema, t.stream) as f (finding)
         where t.task_pipeline = $1 and t.task_stream = $2 and f.finding is not null`,
  parameters: { pipeline: text, taskStream: text },
  row: { database_schema: text, stream: text, finding: neverNull(text) },
});

export const selectFinding = statement({
  name: 'table_identity.select_finding',
  text: 'select pipeline.table_finding($1, $2) as finding',
  parameters: { databaseSchema: text, stream: text },
  row: { finding: nullable(text) },
});

export const insertFinding = statement({
  name: 'table_identity.insert_finding',
  text: `insert into pipeline.table_findings (database_schema, stream, finding, task_id)
         select $1, $2, $3, $4 where not exists (
           select from pipeline.table_findings f
           where f.database_schema = $1 and f.stream = $2 and f.finding = $3 and f.resolved_at is null)`,
  parameters: { databaseSchema: text, stream: text, finding: text, taskId: nullable(uuid) },
});

export const lowerRows = statement({
  name: 'table_identity.lower_rows',
  text: `update pipeline.target_tables set measured_rows = greatest(measured_rows - $3, 0)
         where database_schema = $1 and stream = $2`,
  parameters: { databaseSchema: text, stream: text, removed: int8 },
});
