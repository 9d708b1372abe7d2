-- What a tap found that a person should know and that stopped nothing: a scope that hides fields, a field that an account refuses.
create table pipeline.notices (
  run_id uuid not null references pipeline.runs on delete cascade,
  stream text not null,
  code text not null,
  message text not null,
  -- How often it was said in this run.
  count integer not null default 1,
  noticed_at timestamptz not null default clock_timestamp(),
  primary key (run_id, stream, code, message)
);
