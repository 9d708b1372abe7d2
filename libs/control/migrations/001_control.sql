-- The control plane: what should run, what runs, what is committed. Every decision of the platform is a row here.
-- Status columns: who sets which value is the state table in ARCHITECTURE.md.

create sequence pipeline.epoch_seq;

-- Pipelines whose tap has registered. `streams`: [{"name": "deals", "children": ["deals_companies"]}], selected ones only.
create table pipeline.pipelines (
  name text primary key,
  source text not null unique,
  streams jsonb not null,
  paused boolean not null default false,
  registered_at timestamptz not null default clock_timestamp(),
  seen_at timestamptz not null default clock_timestamp(),
  -- A run asked for by hand, started as soon as no cycle is live.
  requested_at timestamptz,
  requested_full_read boolean not null default false,
  requested_mass_deletes boolean not null default false
);

create table pipeline.cycles (
  id uuid primary key default gen_random_uuid(),
  status text not null default 'extracting' check (status in ('extracting', 'transforming', 'succeeded', 'failed')),
  pipelines text[] not null,
  -- Named by PIPELINE_NAMES, and no tap for them.
  missing text[] not null default '{}',
  error text,
  started_at timestamptz not null default clock_timestamp(),
  transforming_at timestamptz,
  finished_at timestamptz
);
create unique index one_live_cycle on pipeline.cycles ((true)) where status in ('extracting', 'transforming');
create index cycles_started on pipeline.cycles (started_at);

create table pipeline.runs (
  id uuid primary key default gen_random_uuid(),
  cycle_id uuid not null references pipeline.cycles on delete cascade,
  pipeline text not null references pipeline.pipelines,
  source text not null,
  status text not null default 'running' check (status in ('running', 'loaded', 'incomplete', 'failed', 'cancelled')),
  error text,
  started_at timestamptz not null default clock_timestamp(),
  finished_at timestamptz
);
create unique index one_live_run on pipeline.runs (pipeline) where status = 'running';
create index runs_cycle on pipeline.runs (cycle_id);

create table pipeline.tasks (
  id uuid primary key default gen_random_uuid(),
  run_id uuid not null references pipeline.runs on delete cascade,
  pipeline text not null references pipeline.pipelines,
  source text not null,
  stream text not null,
  status text not null default 'queued'
    check (status in ('queued', 'running', 'loading', 'loaded', 'incomplete', 'failed', 'cancelled')),
  full_read boolean not null default false,
  mass_deletes boolean not null default false,
  -- The fence: batches of any other epoch commit nothing. Loaders lock this row FOR SHARE, so nothing that changes often lives here.
  current_epoch bigint,
  attempts integer not null default 0,
  error text,
  queued_at timestamptz not null default clock_timestamp(),
  command_sent_at timestamptz not null default clock_timestamp(),
  finished_at timestamptz
) with (fillfactor = 70);
create unique index one_live_task on pipeline.tasks (pipeline, stream) where status in ('queued', 'running', 'loading');
create index tasks_run on pipeline.tasks (run_id);

create table pipeline.attempts (
  epoch bigint primary key,
  task_id uuid not null references pipeline.tasks on delete cascade,
  pipeline text not null,
  stream text not null,
  full_read boolean not null,
  claimed_by text not null,
  started_at timestamptz not null default clock_timestamp(),
  lease_until timestamptz not null,
  extracted_at timestamptz,
  -- Batches 0..watermark are in the ledger.
  watermark integer not null default -1,
  -- The newest checkpoint that became the bookmark rode on this batch.
  applied_seq integer not null default -1,
  progress_at timestamptz not null default clock_timestamp(),
  deleted bigint not null default 0,
  outcome text check (outcome in ('loaded', 'incomplete', 'failed', 'interrupted', 'superseded')),
  error text,
  finished_at timestamptz,
  -- What it left beyond applied_seq in append-only tables has been removed.
  cleaned boolean not null default false
) with (fillfactor = 70);
create index attempts_task on pipeline.attempts (task_id);
create index attempts_uncleaned on pipeline.attempts (pipeline, stream) where not cleaned;
create index attempts_live on pipeline.attempts (epoch) where outcome is null;

create table pipeline.ledger (
  epoch bigint not null references pipeline.attempts on delete cascade,
  seq integer not null,
  stream text not null,
  sha256 bytea not null,
  rows integer not null,
  rejected integer not null default 0,
  sanitised integer not null default 0,
  bytes integer not null,
  loaded_at timestamptz not null default clock_timestamp(),
  primary key (epoch, seq)
);

-- What an attempt said of itself on its final batch. A table of its own: the loader that writes it holds the task's row, and
-- must not wait for the attempt's row behind somebody who waits for the task.
create table pipeline.manifests (
  epoch bigint primary key references pipeline.attempts on delete cascade,
  manifest jsonb not null
);

create table pipeline.checkpoints (
  epoch bigint not null references pipeline.attempts on delete cascade,
  seq integer not null,
  value jsonb not null,
  primary key (epoch, seq)
);

-- Every bookmark there has been. `epoch` and `seq` are null when an operator set it.
create table pipeline.states (
  id bigint generated always as identity primary key,
  pipeline text not null references pipeline.pipelines,
  stream text not null,
  value jsonb not null,
  epoch bigint,
  seq integer,
  is_current boolean not null default true,
  set_by text not null,
  applied_at timestamptz not null default clock_timestamp()
);
create unique index one_current_state on pipeline.states (pipeline, stream) where is_current;

create table pipeline.rejected_records (
  id bigint generated always as identity primary key,
  pipeline text not null,
  stream text not null,
  run_id uuid,
  epoch bigint,
  seq integer,
  position integer,
  column_name text,
  sqlstate text,
  reason text not null,
  record text not null,
  status text not null default 'open' check (status in ('open', 'replayed', 'discarded')),
  rejected_at timestamptz not null default clock_timestamp()
);
create index rejected_records_open on pipeline.rejected_records (pipeline, stream) where status = 'open';
create index rejected_records_epoch on pipeline.rejected_records (epoch, seq);

create table pipeline.dead_letters (
  id bigint generated always as identity primary key,
  queue text not null,
  exchange text not null,
  routing_key text not null,
  message_id text,
  reason text not null,
  properties jsonb not null,
  headers jsonb not null,
  body bytea not null,
  status text not null default 'open' check (status in ('open', 'replayed', 'discarded')),
  archived_at timestamptz not null default clock_timestamp()
);

create table pipeline.outbox (
  id bigint generated always as identity primary key,
  exchange text not null,
  routing_key text not null,
  type text not null,
  body jsonb not null,
  created_at timestamptz not null default clock_timestamp(),
  published_at timestamptz
) with (fillfactor = 70);
create index outbox_unpublished on pipeline.outbox (id) where published_at is null;

-- Secrets that change while we run (rotating refresh tokens), sealed with AES-256-GCM; the key is not in the database.
create table pipeline.credentials (
  name text primary key,
  key_id text not null,
  sealed bytea not null,
  updated_at timestamptz not null default clock_timestamp()
);

-- Token buckets shared by all replicas of a tap.
create table pipeline.rate_limits (
  source text not null,
  name text not null,
  tokens double precision not null,
  updated_at timestamptz not null default clock_timestamp(),
  blocked_until timestamptz,
  primary key (source, name)
) with (fillfactor = 50);

create table pipeline.leaders (
  name text primary key,
  holder text not null,
  lease_until timestamptz not null
);

create table pipeline.audit_log (
  id bigint generated always as identity primary key,
  at timestamptz not null default clock_timestamp(),
  actor text not null,
  action text not null,
  target text not null,
  details jsonb not null default '{}'
);
