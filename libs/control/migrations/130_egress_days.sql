-- What each pipeline's account has sent its reads, by UTC day: sources such as Xero charge for it. Added up when an attempt saves its progress, so it
-- survives every process, and the attempts themselves, which go with their cycle.
alter table pipeline.attempt_progress add column received_bytes bigint not null default 0;

create table pipeline.egress_days (
  pipeline text not null,
  day date not null,
  bytes bigint not null,
  primary key (pipeline, day)
) with (fillfactor = 50);
