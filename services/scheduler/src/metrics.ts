import { ALERT_KINDS, type Alert, controlGauges } from '@pipeline/control';
import { expectedFailure, type Pool } from '@pipeline/postgres';
import { Gauge, type Registry } from '@pipeline/service';

/** What to alert on, read from PostgreSQL whenever it is asked for. While PostgreSQL is away the figures are NaN, and the page is served. */
export function addMetrics(registry: Registry, deps: { pool: Pool; alerts: () => Promise<Alert[]> }): void {
  const gauge = (name: string, help: string) => new Gauge({ name, help, registers: [registry] });
  const deadLetters = gauge('pipeline_dead_letters_open', 'Dead letters nobody has dealt with.');
  const rejected = gauge('pipeline_rejected_records_open', 'Rejected records nobody has dealt with.');
  const outbox = gauge('pipeline_outbox_waiting', 'Commands and events that are not published yet.');
  const violations = gauge('pipeline_violations', 'Rows of the view pipeline.violations. Anything but 0 is a defect.');
  const alerts = new Gauge({
    name: 'pipeline_alerts',
    help: 'What needs a person, by kind: the rows of the view pipeline.alerts, and an alarm of the broker.',
    labelNames: ['kind'],
    registers: [registry],
    collect: async () => {
      const open = await unlessAway(deps.alerts());
      const count = (kind: string) => open?.filter((alert) => alert.kind === kind).length ?? Number.NaN;
      // Zero is said as well, so that there is something to alert on.
      for (const kind of ALERT_KINDS) alerts.set({ kind }, count(kind));
    },
  });
  const age = new Gauge({
    name: 'pipeline_stream_age_seconds',
    help: 'Time since a stream was last loaded to its end.',
    labelNames: ['pipeline', 'stream'],
    registers: [registry],
    collect: async () => {
      const values = await unlessAway(controlGauges(deps.pool));
      deadLetters.set(values?.deadLetters ?? Number.NaN);
      rejected.set(values?.rejectedRecords ?? Number.NaN);
      outbox.set(values?.outboxWaiting ?? Number.NaN);
      violations.set(values?.violations ?? Number.NaN);
      age.reset();
      for (const { pipeline, stream, seconds } of values?.streamAges ?? []) age.set({ pipeline, stream }, seconds);
    },
  });
}

async function unlessAway<T>(read: Promise<T>): Promise<T | undefined> {
  try {
    return await read;
  } catch (error) {
    if (expectedFailure(error) === undefined) throw error;
    return undefined;
  }
}
