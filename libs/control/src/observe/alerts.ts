import type { Queryable } from '@pipeline/postgres';

/** What a person is told of: the kinds of the view `pipeline.alerts`, and `broker_blocked`, which only a connection to RabbitMQ knows. */
export const ALERT_KINDS = [
  'violation',
  'no_scheduler',
  'no_tap',
  'failed_run',
  'stuck_run',
  'dead_lease',
  'outbox_waiting',
  'broker_blocked',
  'dead_letters',
  'rejected_records',
  'dbt_waiting',
] as const;
export type AlertKind = (typeof ALERT_KINDS)[number];

/** Something that does not mend itself, or has not for a while. */
export interface Alert {
  kind: AlertKind;
  /** What it is about: a pipeline, a stream, a queue. */
  subject: string;
  since: Date;
  message: string;
  /** What to do. */
  remedy: string;
}

/** Everything that a person should look at now, oldest first; empty while all is well. */
export async function listAlerts(db: Queryable): Promise<Alert[]> {
  const { rows } = await db.query<Alert>(
    'select kind, subject, since, message, remedy from pipeline.alerts order by since, kind, subject',
  );
  return rows;
}
