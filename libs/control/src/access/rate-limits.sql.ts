import { sql, statement } from '@pipeline/postgres';

const { text, texts, float8, float8s, nullable } = sql;

/** Takes one token of each bucket, in the order of their owners and names, and tells of one owner's pause. A negative balance is the wait. */
export const reserveTokens = statement({
  name: 'rate_limit.reserve',
  text: `with booked as (
           insert into pipeline.rate_limits as r (source, name, tokens)
           select b.owner, b.name, b.capacity - 1
           from unnest($1::text[], $2::text[], $3::float8[]) as b (owner, name, capacity)
           order by b.owner, b.name
           on conflict (source, name) do update set
             tokens = least(
               excluded.tokens + 1,
               r.tokens + extract(epoch from clock_timestamp() - r.updated_at) * 1000
                 * ($4::float8[])[array_position($5::text[], r.source || '/' || r.name)]
             ) - 1,
             updated_at = clock_timestamp()
           returning source, name, tokens
         )
         select source as owner, name, tokens, null::float8 as paused_ms from booked
         union all
         select source, name, 0, (extract(epoch from blocked_until - clock_timestamp()) * 1000)::float8
         from pipeline.rate_limits where source = $6 and name = $7`,
  parameters: {
    owners: texts,
    names: texts,
    capacities: float8s,
    tokensPerMs: float8s,
    keys: texts,
    owner: text,
    pause: text,
  },
  row: { owner: text, name: text, tokens: float8, paused_ms: nullable(float8) },
});

export const lowerTokens = statement({
  name: 'rate_limit.lower',
  text: `update pipeline.rate_limits set tokens = $3, updated_at = clock_timestamp()
         where source = $1 and name = $2
           and tokens + extract(epoch from clock_timestamp() - updated_at) * 1000 * $4::float8 > $3`,
  parameters: { owner: text, name: text, remaining: float8, tokensPerMs: float8 },
});

export const upsertPause = statement({
  name: 'rate_limit.upsert_pause',
  text: `insert into pipeline.rate_limits as r (source, name, tokens, blocked_until)
         values ($1, $2, 0, clock_timestamp() + make_interval(secs => $3))
         on conflict (source, name) do update set blocked_until = greatest(r.blocked_until, excluded.blocked_until)`,
  parameters: { source: text, pause: text, seconds: float8 },
});

export const insertSlots = statement({
  name: 'rate_limit.insert_slots',
  text: `insert into pipeline.rate_limits (source, name, tokens)
         select $1, name, 0 from unnest($2::text[]) as name order by name on conflict do nothing`,
  parameters: { source: text, names: texts },
});

export const takeSlot = statement({
  name: 'rate_limit.take_slot',
  text: `update pipeline.rate_limits set blocked_until = clock_timestamp() + make_interval(secs => $3)
         where (source, name) = (
           select source, name from pipeline.rate_limits
           where source = $1 and name = any($2) and (blocked_until is null or blocked_until < clock_timestamp())
           limit 1 for update skip locked
         )
         returning name, blocked_until::text as until`,
  parameters: { source: text, names: texts, leaseSeconds: float8 },
  row: { name: text, until: text },
});

export const freeSlot = statement({
  name: 'rate_limit.free_slot',
  text: `update pipeline.rate_limits set blocked_until = null
         where source = $1 and name = $2 and blocked_until = $3::timestamptz`,
  parameters: { source: text, name: text, until: sql.timestamptz },
});
