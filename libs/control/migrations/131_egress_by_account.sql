-- By account as well: of a connection that reads several organisations each is charged by itself. Days of the time before have none.
alter table pipeline.egress_days add column account text not null default '';
alter table pipeline.egress_days drop constraint egress_days_pkey;
alter table pipeline.egress_days add primary key (pipeline, day, account);

-- What the attempt has received so far: {"<account>": bytes}.
alter table pipeline.attempt_progress add column received jsonb not null default '{}';
alter table pipeline.attempt_progress drop column received_bytes;

-- Responses that are kept for repetitions are encrypted from now on. What held a secret is forgotten.
update pipeline.idempotency_keys set body = '{}' where body ? 'token' or body ? 'csrfToken';
