import { sql, statement } from '@pipeline/postgres';

const { text, float8, nullable, timestamptz } = sql;

/** What the limiter has counted of the limits of this name, and how long an account is held back. */
export const selectLevels = statement({
  name: 'connection.select_levels',
  text: `select l.source as owner, l.tokens, (extract(epoch from clock_timestamp() - l.updated_at) * 1000)::float8 as "ageMs",
                (select p.blocked_until from pipeline.rate_limits p
                 where p.source = l.source and p.name = '*' and p.blocked_until > clock_timestamp()) as "blockedUntil"
         from pipeline.rate_limits l where l.name = $1 order by l.source`,
  parameters: { name: text },
  row: { owner: text, tokens: float8, ageMs: float8, blockedUntil: nullable(timestamptz) },
});

export const selectEgress = statement({
  name: 'connection.select_egress',
  text: `with clock as (select (clock_timestamp() at time zone 'utc')::date as today)
         select e.pipeline, e.account, coalesce(sum(e.bytes) filter (where e.day = c.today), 0)::float8 as today, sum(e.bytes)::float8 as month
         from pipeline.egress_days e cross join clock c
         where e.day >= date_trunc('month', c.today::timestamp)::date group by e.pipeline, e.account order by month desc, e.account`,
  row: { pipeline: text, account: text, today: float8, month: float8 },
});

export const updateAccessEnd = statement({
  name: 'connection.update_access_end',
  text: `update pipeline.connection_checks set result = jsonb_set(result, '{tokenEndsAt}', to_jsonb($2::text))
         where id = (select id from pipeline.connection_checks where connection = $1 and finished_at is not null
                     order by requested_at desc limit 1)
           and result ->> 'tokenEndsAt' is distinct from $2`,
  parameters: { connection: text, endsAt: text },
});
