-- dbt builds. A cycle asks for one; requests that come while one runs become one further build.
create table pipeline.dbt_runs (
  id uuid primary key default gen_random_uuid(),
  -- The output of dbt/profiles.yml that is built.
  target text not null,
  status text not null default 'queued' check (status in ('queued', 'running', 'succeeded', 'failed')),
  sources text[] not null,
  -- The cycles that asked for it.
  cycle_ids uuid[] not null,
  -- The fence: whoever holds an older epoch has lost the build to somebody else.
  epoch bigint,
  attempts integer not null default 0,
  claimed_by text,
  lease_until timestamptz,
  -- dbt's own id of the invocation, as in its artifacts.
  invocation_id text,
  error text,
  requested_at timestamptz not null default clock_timestamp(),
  started_at timestamptz,
  finished_at timestamptz
);
create unique index one_queued_dbt_run on pipeline.dbt_runs (target) where status = 'queued';
create unique index one_running_dbt_run on pipeline.dbt_runs (target) where status = 'running';
create index dbt_runs_cycles on pipeline.dbt_runs using gin (cycle_ids);

-- What became of each model, test and source of a build.
create table pipeline.dbt_results (
  dbt_run_id uuid not null references pipeline.dbt_runs on delete cascade,
  unique_id text not null,
  status text not null,
  seconds double precision not null,
  -- Rows that a test found.
  failures bigint,
  -- In dbt's words; may quote values of records.
  message text,
  -- The same without them, for the log.
  reason text,
  primary key (dbt_run_id, unique_id)
);
