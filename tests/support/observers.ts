import { type LineageReceiver, type OtlpReceiver, type ReceivedSpan, waitFor } from '@pipeline/testing';
import type { Platform } from './platform.ts';

/** Services send their spans every 2 s; the scheduler looks for lineage as often. */
const TOLD_WITHIN_MS = 30_000;

/** The newest cycle is one trace: the cycle, its runs, the attempts of the taps, the batches of the loaders, the build of dbt. */
export async function expectTrace({ database }: Platform, { spans }: OtlpReceiver): Promise<void> {
  const cycle = await only<{ id: string }>(database, 'select id from pipeline.cycles order by started_at desc limit 1');
  const traceId = cycle.id.replaceAll('-', '');
  const counts = await only<{ runs: number; attempts: number; batches: number }>(
    database,
    `select (select count(*)::int from pipeline.runs where cycle_id = $1) as runs,
            (select count(*)::int from pipeline.attempts a join pipeline.tasks t on t.id = a.task_id join pipeline.runs r on r.id = t.run_id
             where r.cycle_id = $1) as attempts,
            (select count(*)::int from pipeline.ledger l join pipeline.attempts a using (epoch) join pipeline.tasks t on t.id = a.task_id
             join pipeline.runs r on r.id = t.run_id where r.cycle_id = $1) as batches`,
    [cycle.id],
  );
  const seen = () => {
    const ofTrace = spans.filter((span) => span.traceId === traceId);
    const named = (start: string) => ofTrace.filter(({ name }) => name.startsWith(start));
    return {
      cycles: named('cycle'),
      runs: named('run '),
      reads: named('read '),
      loads: named('load '),
      builds: named('dbt build'),
    };
  };
  await waitFor(
    async () => {
      const { cycles, runs, reads, loads, builds } = seen();
      return (
        cycles.length === 1 &&
        builds.length === 1 &&
        runs.length === counts.runs &&
        reads.length === counts.attempts &&
        loads.length >= counts.batches
      );
    },
    { timeoutMs: TOLD_WITHIN_MS, what: 'the spans of the cycle' },
  );
  const { cycles, runs, reads, loads, builds } = seen();
  expectParents(cycles, [undefined]);
  expectParents(
    runs,
    cycles.map(({ spanId }) => spanId),
  );
  expectParents(
    reads,
    runs.map(({ spanId }) => spanId),
  );
  expectParents(
    loads,
    reads.map(({ spanId }) => spanId),
  );
  expectParents(
    builds,
    cycles.map(({ spanId }) => spanId),
  );
  expect(new Set(spans.map(({ service }) => service))).toEqual(
    new Set([
      'scheduler',
      'loader',
      'dbt-runner',
      ...runs.map(({ attributes }) => `tap-${attributes['pipeline.source']}`),
    ]),
  );
  // A stream that is not due makes none.
  const requests = reads.map(({ attributes }) => Number(attributes['http.requests']));
  expect(Math.max(...requests)).toBeGreaterThan(0);
  expect(spans.filter(({ isFailed }) => isFailed)).toEqual([]);
}

/** Every attempt and build has begun and ended, by the same run; what is written is named as the warehouse has it. */
export async function expectLineage({ database }: Platform, { events, problems }: LineageReceiver): Promise<void> {
  const { attempts, builds } = await only<{ attempts: number; builds: number }>(
    database,
    `select (select count(*)::int from pipeline.attempts where outcome is not null) as attempts,
            (select count(*)::int from pipeline.dbt_runs where finished_at is not null) as builds`,
  );
  const runs = (type: string, kind: string) =>
    new Set(
      events
        .filter(({ eventType, job }) => eventType === type && job.facets['jobType']?.['jobType'] === kind)
        .map(({ run }) => run.runId),
    );
  await waitFor(
    async () => runs('COMPLETE', 'EXTRACT').size === attempts && runs('COMPLETE', 'BUILD').size === builds,
    {
      timeoutMs: TOLD_WITHIN_MS,
      what: 'the events of every attempt and build',
    },
  );
  expect(problems).toEqual([]);
  for (const kind of ['EXTRACT', 'BUILD', 'MODEL']) expect(runs('START', kind)).toEqual(runs('COMPLETE', kind));
  const { rows } = await database.pool.query<{ name: string }>(
    `select current_database() || '.' || table_schema || '.' || table_name as name from information_schema.tables
     where table_schema not in ('pg_catalog', 'information_schema', 'pipeline')`,
  );
  const relations = new Set(rows.map(({ name }) => name));
  const outputs = new Set(events.flatMap((event) => event.outputs.map(({ name }) => name)));
  expect([...outputs].filter((name) => !relations.has(name))).toEqual([]);
  expect(outputs.size).toBeGreaterThan(40);
  const models = events.filter(({ job }) => job.name.endsWith('.stg_hubspot__deals'));
  expect(models[0]?.inputs.map(({ name }) => name.replace(/^[^.]+\./, ''))).toContain('hubspot.deals');
}

function expectParents(spans: ReceivedSpan[], allowed: (string | undefined)[]): void {
  const parents = new Set(allowed);
  expect(spans.filter(({ parentSpanId }) => !parents.has(parentSpanId))).toEqual([]);
}

async function only<T extends object>(
  { pool }: Platform['database'],
  text: string,
  values: unknown[] = [],
): Promise<T> {
  const row = (await pool.query<T>(text, values)).rows[0];
  if (row === undefined) throw new Error('the query returned no row');
  return row;
}
