/** What a person is told of: the kinds of the view `pipeline.alerts`, and `broker_blocked`, which only a connection to RabbitMQ knows. */
export const ALERT_KINDS = [
  'violation',
  'no_scheduler',
  'no_tap',
  'failed_run',
  'stuck_run',
  'dead_lease',
  'table_changed',
  'outbox_waiting',
  'broker_blocked',
  'waiting',
  'dead_letters',
  'rejected_records',
  'dbt_waiting',
] as const;
export type AlertKind = (typeof ALERT_KINDS)[number];
