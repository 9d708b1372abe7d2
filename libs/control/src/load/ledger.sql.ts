import { sql, statement } from '@pipeline/postgres';

const { text, int4, int8, jsonb } = sql;

export const insertBatch = statement({
  name: 'ledger.insert',
  text: `insert into pipeline.ledger (epoch, seq, stream, sha256, rows, bytes) values ($1, $2, $3, decode($4, 'hex'), $5, $6)
         on conflict (epoch, seq) do nothing`,
  parameters: { epoch: int8, seq: int4, stream: text, sha256: text, rows: int4, bytes: int4 },
});

export const selectContent = statement({
  name: 'ledger.select_content',
  text: `select encode(sha256, 'hex') as sha256 from pipeline.ledger where epoch = $1 and seq = $2`,
  parameters: { epoch: int8, seq: int4 },
  row: { sha256: text },
});

export const updateOutcome = statement({
  name: 'ledger.update_outcome',
  text: 'update pipeline.ledger set rejected = $3, sanitised = $4 where epoch = $1 and seq = $2',
  parameters: { epoch: int8, seq: int4, rejected: int4, sanitised: int4 },
});

export const insertCheckpoint = statement({
  name: 'ledger.insert_checkpoint',
  text: 'insert into pipeline.checkpoints (epoch, seq, value) values ($1, $2, $3)',
  parameters: { epoch: int8, seq: int4, value: jsonb() },
});

export const insertManifest = statement({
  name: 'ledger.insert_manifest',
  text: 'insert into pipeline.manifests (epoch, manifest) values ($1, $2)',
  parameters: { epoch: int8, manifest: jsonb() },
});

export const skipBatch = statement({
  name: 'ledger.skip',
  text: 'update pipeline.ledger set skipped = true, rejected = rows where epoch = $1 and seq = $2',
  parameters: { epoch: int8, seq: int4 },
});

export const countStreamRows = statement({
  name: 'ledger.count_stream_rows',
  text: `select coalesce(sum(rows), 0) as rows, coalesce(sum(rejected), 0) as rejected
         from pipeline.ledger where epoch = $1 and stream = $2`,
  parameters: { epoch: int8, stream: text },
  row: { rows: int8, rejected: int8 },
});
