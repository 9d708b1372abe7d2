import { controlGauges } from '@pipeline/control';
import type { Pool } from '@pipeline/postgres';
import { Gauge, type Registry } from '@pipeline/service';

/** What to alert on, read from PostgreSQL whenever it is asked for. */
export function addMetrics(registry: Registry, pool: Pool): void {
  const gauge = (name: string, help: string) => new Gauge({ name, help, registers: [registry] });
  const deadLetters = gauge('pipeline_dead_letters_open', 'Dead letters nobody has dealt with.');
  const rejected = gauge('pipeline_rejected_records_open', 'Rejected records nobody has dealt with.');
  const outbox = gauge('pipeline_outbox_waiting', 'Commands and events that are not published yet.');
  const violations = gauge('pipeline_violations', 'Rows of the view pipeline.violations. Anything but 0 is a defect.');
  const age = new Gauge({
    name: 'pipeline_stream_age_seconds',
    help: 'Time since a stream was last loaded to its end.',
    labelNames: ['pipeline', 'stream'],
    registers: [registry],
    collect: async () => {
      const values = await controlGauges(pool);
      deadLetters.set(values.deadLetters);
      rejected.set(values.rejectedRecords);
      outbox.set(values.outboxWaiting);
      violations.set(values.violations);
      age.reset();
      for (const { pipeline, stream, seconds } of values.streamAges) age.set({ pipeline, stream }, seconds);
    },
  });
}
