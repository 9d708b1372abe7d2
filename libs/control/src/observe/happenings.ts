import type { Happening } from '@pipeline/contracts/api';
import type { Queryable } from '@pipeline/postgres';
import type { z } from 'zod';
import { iso } from './instant.ts';

/** What happened lately, newest first: incidents that opened and closed, changes of tables, commands of people. */
export async function listHappenings(db: Queryable, limit: number): Promise<z.infer<typeof Happening>[]> {
  const { rows } = await db.query<z.infer<typeof Happening>>(
    `select ${iso('h.at')} as at, h.kind, h.text, h.href from (
       (select i.opened_at as at, 'opened' as kind, i.title as text, case when i.run_id is null then '/' else '/runs/' || i.run_id end as href
        from pipeline.incidents i where i.opened_at is not null order by i.opened_at desc limit $1)
       union all
       (select i.closed_at, 'closed', 'over: ' || i.title, case when i.run_id is null then '/' else '/runs/' || i.run_id end
        from pipeline.incidents i where i.closed_at is not null and i.opened_at is not null order by i.closed_at desc limit $1)
       union all
       (select max(c.at), 'schema',
               case when count(*) > 1 then format('%s changes of the table %s.%s', count(*), c.database_schema, c.table_name)
                    when max(c.change) = 'add_column' then format('new column %s in %s.%s', max(c.column_name), c.database_schema, c.table_name)
                    else format('%s %s in %s.%s', replace(max(c.change), '_', ' '), max(c.column_name), c.database_schema, c.table_name) end,
               format('/streams/%s/%s/columns', c.database_schema, c.stream)
        from (select * from pipeline.schema_changes order by id desc limit 200) c
        group by c.database_schema, c.stream, c.table_name, date_trunc('minute', c.at) order by 1 desc limit $1)
       union all
       (select l.at, 'command', format('%s: %s %s', l.actor, replace(l.action, '-', ' '), l.target), null
        from pipeline.audit_log l where l.action not in ('login', 'logout', 'read-record', 'preview') order by l.id desc limit $1)
     ) h order by h.at desc limit $1`,
    [limit],
  );
  return rows;
}

export interface HourRow {
  hour: string;
  pipeline: string;
  rows: number;
  rejected: number;
}

/** Rows of the last 24 hours by hour and pipeline. */
export async function listHours(db: Queryable): Promise<HourRow[]> {
  const { rows } = await db.query<HourRow>(
    `select ${iso('hour')} as hour, pipeline, sum(rows)::float8 as rows, sum(rejected)::float8 as rejected
     from pipeline.stream_hours where hour > clock_timestamp() - interval '24 hours' group by stream_hours.hour, pipeline order by stream_hours.hour, pipeline`,
  );
  return rows;
}

/** What is open for a person, in numbers. */
export async function countOpen(db: Queryable): Promise<{ rejected: number; deadLetters: number }> {
  const { rows } = await db.query<{ rejected: number; deadLetters: number }>(
    `select (select count(*) from pipeline.rejected_records where status = 'open')::float8 as rejected,
            (select count(*) from pipeline.dead_letters where status = 'open')::float8 as "deadLetters"`,
  );
  return rows[0] ?? { rejected: 0, deadLetters: 0 };
}
