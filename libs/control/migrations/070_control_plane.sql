-- What a person sees and steers: sources and connections, what happens now, what happened, who may do what.

-- What each tap says of itself: settings, consent page, streams with fields and scopes (SourceDescription in libs/protocol).
create table pipeline.sources (
  source text primary key,
  description jsonb not null,
  registered_at timestamptz not null default clock_timestamp(),
  seen_at timestamptz not null default clock_timestamp()
);

-- A source's account as it is read. The tap makes the one of the environment, named as its source; people make more.
create table pipeline.connections (
  name text primary key check (name ~ '^[a-z][a-z0-9_]{0,30}$'),
  source text not null,
  origin text not null check (origin in ('environment', 'page')),
  -- What is saved; of the environment's connection, what variables set stands over it.
  settings jsonb not null default '{}',
  -- {"<setting>": "<variable>"}: set by a variable, locked on the page.
  locked jsonb not null default '{}',
  -- JSON {"<setting>": "<secret>"}, sealed with AES-256-GCM under the name connection/<name>; the key is not in the database.
  sealed bytea,
  key_id text,
  -- {"<setting>": "<instant at which it was set>"}
  secrets jsonb not null default '{}',
  -- {"select": null or patterns as in config.yml}
  selection jsonb not null default '{"select": null}',
  target_schema text not null,
  revision integer not null default 1,
  -- Its pipeline and history stay; its tap reads it no longer.
  removed_at timestamptz,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp()
);
create index connections_source on pipeline.connections (source) where removed_at is null;

-- A look at an account: asked for by a person or by the schedule, done by a tap. `connection` is null for settings that are not saved yet:
-- those are in `sealed` until the check is over.
create table pipeline.connection_checks (
  id uuid primary key default gen_random_uuid(),
  connection text references pipeline.connections on delete cascade,
  source text not null,
  sealed bytea,
  key_id text,
  requested_by text not null,
  requested_at timestamptz not null default clock_timestamp(),
  finished_at timestamptz,
  result jsonb
);
create index connection_checks_newest on pipeline.connection_checks (connection, requested_at desc);

-- Consent pages that people were sent to. What came back stays sealed until a connection takes it.
create table pipeline.consents (
  id uuid primary key default gen_random_uuid(),
  source text not null,
  state_sha256 bytea not null unique,
  -- Client, verifier and settings; once granted, the tokens too.
  sealed bytea not null,
  key_id text not null,
  status text not null default 'waiting' check (status in ('waiting', 'granted', 'refused', 'used')),
  message text,
  requested_by text not null,
  created_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz not null
);

alter table pipeline.pipelines
  drop constraint pipelines_source_key,
  add column connection text not null generated always as (regexp_replace(name, '^pipeline_(.+)_to_postgres$', '\1')) stored,
  -- Null: PIPELINE_INTERVAL_SECONDS (Schedule in libs/protocol).
  add column schedule jsonb,
  add column paused_at timestamptz,
  add column paused_by text,
  add column pause_reason text,
  add column paused_until timestamptz,
  -- Streams that a person asked for. Null: all that are selected.
  add column requested_streams text[],
  add column requested_by text,
  add column failures_in_row integer not null default 0,
  -- When a failed run is tried again before its next time.
  add column retry_at timestamptz;
create index pipelines_source on pipeline.pipelines (source);

-- Who asked for it: null is the schedule.
alter table pipeline.cycles add column requested_by text;

-- How far a live attempt is. A table of its own, as finalisers lock the rows of attempts.
create table pipeline.attempt_progress (
  epoch bigint primary key references pipeline.attempts on delete cascade,
  rows_read bigint not null default 0,
  requests bigint not null default 0,
  requests_failed bigint not null default 0,
  waiting_for text,
  waiting_until timestamptz,
  -- The part of the stream that is being read, as the source's filter spells it.
  window_from text,
  window_to text,
  updated_at timestamptz not null default clock_timestamp()
) with (fillfactor = 50);

-- Waits for a limit of the source, of half a second and more.
create table pipeline.waits (
  epoch bigint not null references pipeline.attempts on delete cascade,
  limit_name text not null,
  from_at timestamptz not null,
  until_at timestamptz not null
);
create index waits_epoch on pipeline.waits (epoch);

-- What services log, for the pages. Written in batches, dropped when PostgreSQL is away: the services' own output has everything.
create table pipeline.log_lines (
  id bigint generated always as identity primary key,
  at timestamptz not null,
  level text not null check (level in ('debug', 'info', 'warn', 'error')),
  service text not null,
  cycle_id uuid,
  run_id uuid,
  task_id uuid,
  stream text,
  message text not null,
  fields jsonb not null default '{}'
);
create index log_lines_run on pipeline.log_lines (run_id, id) where run_id is not null;
create index log_lines_at on pipeline.log_lines using brin (at);

-- Processes that are there, as they say themselves every few seconds.
create table pipeline.instances (
  id text primary key,
  service text not null,
  version text not null,
  started_at timestamptz not null,
  seen_at timestamptz not null default clock_timestamp(),
  state text not null default '',
  memory_bytes bigint not null default 0,
  cpu double precision not null default 0,
  checks jsonb not null default '{}',
  -- Settings in force, secrets as "set".
  settings jsonb not null default '[]',
  log_lines_dropped bigint not null default 0
) with (fillfactor = 50);

-- What needed a person. Opened at the second look that saw it, closed at the second that did not.
create table pipeline.incidents (
  id bigint generated always as identity primary key,
  kind text not null,
  subject text not null,
  code text not null,
  severity text not null check (severity in ('fail', 'warn')),
  title text not null,
  cause text not null,
  remedy text not null,
  effect text not null default '',
  pipeline text,
  stream text,
  run_id uuid,
  since timestamptz not null,
  first_seen_at timestamptz not null default clock_timestamp(),
  opened_at timestamptz,
  missed_at timestamptz,
  closed_at timestamptz,
  because_of bigint references pipeline.incidents on delete set null,
  notified_opened boolean not null default false,
  notified_closed boolean not null default false
);
create unique index one_open_incident on pipeline.incidents (kind, subject) where closed_at is null;
create index incidents_opened on pipeline.incidents (opened_at desc) where opened_at is not null;
create index incidents_closed on pipeline.incidents (closed_at desc) where closed_at is not null;

-- What was committed, by hour and by day, of streams and their children.
create table pipeline.stream_hours (
  pipeline text not null,
  stream text not null,
  hour timestamptz not null,
  rows bigint not null default 0,
  rejected bigint not null default 0,
  deleted bigint not null default 0,
  bytes bigint not null default 0,
  reads integer not null default 0,
  primary key (pipeline, stream, hour)
) with (fillfactor = 70);
create index stream_hours_hour on pipeline.stream_hours (hour);

create table pipeline.stream_days (
  pipeline text not null,
  stream text not null,
  day date not null,
  rows bigint not null default 0,
  rejected bigint not null default 0,
  deleted bigint not null default 0,
  bytes bigint not null default 0,
  reads integer not null default 0,
  primary key (pipeline, stream, day)
) with (fillfactor = 70);
create index stream_days_day on pipeline.stream_days (day);

-- Counts an attempt when it ends, in the transaction that ends it, whoever does: so each committed batch counts once.
create function pipeline.count_attempt() returns trigger
language plpgsql as $$
begin
  with loaded as (
    select l.stream, sum(l.rows) as rows, sum(l.rejected) as rejected, sum(l.bytes) as bytes
    from pipeline.ledger l where l.epoch = new.epoch group by l.stream
    union all
    select new.stream, 0, 0, 0 where not exists (select from pipeline.ledger l where l.epoch = new.epoch and l.stream = new.stream)
  ), counted as (
    select new.pipeline as pipeline, loaded.stream, rows, rejected, bytes,
           case when loaded.stream = new.stream then new.deleted else 0 end as deleted,
           case when new.outcome in ('loaded', 'incomplete') then 1 else 0 end as reads
    from loaded order by loaded.stream
  ), hours as (
    insert into pipeline.stream_hours as h (pipeline, stream, hour, rows, rejected, deleted, bytes, reads)
    select pipeline, stream, date_trunc('hour', clock_timestamp()), rows, rejected, deleted, bytes, reads from counted
    on conflict (pipeline, stream, hour) do update
    set rows = h.rows + excluded.rows, rejected = h.rejected + excluded.rejected, deleted = h.deleted + excluded.deleted,
        bytes = h.bytes + excluded.bytes, reads = h.reads + excluded.reads
  )
  insert into pipeline.stream_days as d (pipeline, stream, day, rows, rejected, deleted, bytes, reads)
  select pipeline, stream, (clock_timestamp() at time zone 'utc')::date, rows, rejected, deleted, bytes, reads from counted
  on conflict (pipeline, stream, day) do update
  set rows = d.rows + excluded.rows, rejected = d.rejected + excluded.rejected, deleted = d.deleted + excluded.deleted,
      bytes = d.bytes + excluded.bytes, reads = d.reads + excluded.reads;
  return null;
end
$$;
create trigger count_attempt after update of outcome on pipeline.attempts
for each row when (old.outcome is null and new.outcome is not null) execute function pipeline.count_attempt();

-- Access. Only hashes: neither a token nor a session can be read back.
create table pipeline.tokens (
  id bigint generated always as identity primary key,
  name text not null,
  role text not null check (role in ('viewer', 'operator', 'admin')),
  sha256 bytea not null unique,
  created_at timestamptz not null default clock_timestamp(),
  created_by text not null,
  last_used_at timestamptz,
  expires_at timestamptz,
  revoked_at timestamptz
);

create table pipeline.sessions (
  -- Public; the cookie's secret is not in the database.
  id text primary key,
  sha256 bytea not null unique,
  token_id bigint not null references pipeline.tokens on delete cascade,
  created_at timestamptz not null default clock_timestamp(),
  last_seen_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz not null,
  address text not null,
  agent text not null
);
create index sessions_token on pipeline.sessions (token_id);

-- What is set on the page, of settings that no variable sets.
create table pipeline.settings (
  name text primary key,
  value text not null,
  set_at timestamptz not null default clock_timestamp(),
  set_by text not null
);

create table pipeline.alert_channels (
  id bigint generated always as identity primary key,
  name text not null unique,
  kind text not null check (kind in ('webhook', 'slack', 'email')),
  kinds text[] not null default '{}',
  is_enabled boolean not null default true,
  -- The address, sealed under the name alert-channel/<name>: whoever knows a webhook's address may write to it.
  sealed bytea not null,
  key_id text not null,
  -- The address without what makes it secret.
  display text not null,
  last_sent_at timestamptz,
  last_error text,
  created_at timestamptz not null default clock_timestamp()
);

-- Responses of commands by their Idempotency-Key, for a day.
create table pipeline.idempotency_keys (
  key_sha256 bytea primary key,
  request_sha256 bytea not null,
  status integer,
  body jsonb,
  created_at timestamptz not null default clock_timestamp()
);

-- The dbt project as of its manifest; the newest is the one in force.
create table pipeline.dbt_manifests (
  manifest_hash text primary key,
  seen_at timestamptz not null default clock_timestamp()
);
create table pipeline.dbt_nodes (
  manifest_hash text not null references pipeline.dbt_manifests on delete cascade,
  unique_id text not null,
  kind text not null,
  name text not null,
  description text not null default '',
  path text not null default '',
  -- Of a source: schema and table. Of a model: where it is built.
  database_schema text,
  relation text,
  parents text[] not null default '{}',
  compiled_sql text,
  -- Of a test: what it is about (`relationships`, column, severity).
  test jsonb,
  primary key (manifest_hash, unique_id)
);

-- Builds that a person asked for: who, and which nodes alone. Null: all that the sources feed.
alter table pipeline.dbt_runs add column requested_by text, add column only_nodes text[];

-- For lists at ten thousand cycles and half a million batches.
create index runs_pipeline_started on pipeline.runs (pipeline, started_at desc);
create index runs_started on pipeline.runs (started_at desc, id);
create index runs_live on pipeline.runs (id) where status = 'running';
create index attempts_stream_finished on pipeline.attempts (pipeline, stream, finished_at desc);
create index cycles_started_id on pipeline.cycles (started_at desc, id);
create index dbt_runs_requested on pipeline.dbt_runs (requested_at desc, id);
create index states_history on pipeline.states (pipeline, stream, id desc);
create index audit_log_at on pipeline.audit_log (at);
create index rejected_records_group on pipeline.rejected_records (pipeline, stream, sqlstate, column_name) where status in ('open', 'replaying');
