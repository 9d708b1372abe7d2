import { sql, statement } from '@pipeline/postgres';

const { text, bytea } = sql;

/** An empty row stands for "nothing yet", so that there is something to lock before the first token. */
export const insertEmptyCredential = statement({
  name: 'credential.insert_empty',
  text: `insert into pipeline.credentials (name, key_id, sealed) values ($1, $2, '') on conflict (name) do nothing`,
  parameters: { name: text, keyId: text },
});

export const lockCredential = statement({
  name: 'credential.lock',
  text: 'select sealed from pipeline.credentials where name = $1 for update',
  parameters: { name: text },
  row: { sealed: bytea },
});

export const updateCredential = statement({
  name: 'credential.update',
  text: 'update pipeline.credentials set key_id = $2, sealed = $3, updated_at = clock_timestamp() where name = $1',
  parameters: { name: text, keyId: text, sealed: bytea },
});
