-- What operators may do with what could not be loaded.

alter table pipeline.dead_letters
  drop constraint dead_letters_status_check,
  add constraint dead_letters_status_check check (status in ('open', 'replayed', 'skipped', 'discarded'));
create index dead_letters_open on pipeline.dead_letters (id) where status = 'open';

-- `replaying`: an operator has asked for it, a loader will do it.
alter table pipeline.rejected_records
  drop constraint rejected_records_status_check,
  add constraint rejected_records_status_check check (status in ('open', 'replaying', 'replayed', 'discarded'));
create index rejected_records_replaying on pipeline.rejected_records (id) where status = 'replaying';

-- The newest SCHEMA under which a record of the stream was rejected: a record is replayed with it. JSON text, exact in every number.
create table pipeline.rejected_schemas (
  pipeline text not null references pipeline.pipelines,
  stream text not null,
  message text not null,
  primary key (pipeline, stream)
);

-- An operator gave the batch up. Its rows count as rejected, and its attempt proves no row gone.
alter table pipeline.ledger add column skipped boolean not null default false;
