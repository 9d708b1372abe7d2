-- The code of the error beside its text: SQLSTATE, or the code of a PipelineError. Null where nobody named one.
alter table pipeline.attempts add column error_code text;
alter table pipeline.tasks add column error_code text;
