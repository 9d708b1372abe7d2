import { sql, statement } from '@pipeline/postgres';

const { text, int4, int8, jsonb, nullable } = sql;

export const selectCurrentState = statement({
  name: 'state.select_current',
  text: 'select value::text from pipeline.states where pipeline = $1 and stream = $2 and is_current',
  parameters: { pipeline: text, stream: text },
  row: { value: text },
});

export const retireState = statement({
  name: 'state.retire',
  text: 'update pipeline.states set is_current = false where pipeline = $1 and stream = $2 and is_current',
  parameters: { pipeline: text, stream: text },
});

export const insertState = statement({
  name: 'state.insert',
  text: 'insert into pipeline.states (pipeline, stream, value, epoch, seq, set_by) values ($1, $2, $3, $4, $5, $6)',
  parameters: {
    pipeline: text,
    stream: text,
    value: jsonb(),
    epoch: nullable(int8),
    seq: nullable(int4),
    setBy: text,
  },
});
