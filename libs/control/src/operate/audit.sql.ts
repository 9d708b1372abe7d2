import { sql, statement } from '@pipeline/postgres';

const { text, jsonb } = sql;

export const insertAudit = statement({
  name: 'audit.insert',
  text: 'insert into pipeline.audit_log (actor, action, target, details) values ($1, $2, $3, $4)',
  parameters: { actor: text, action: text, target: text, details: jsonb() },
});
