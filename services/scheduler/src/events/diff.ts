import type { Now } from '@pipeline/protocol/api';
import type { OutgoingEvent } from './outgoing.ts';

/** What has changed from one look to the next, as events. Pure. */
export function eventsBetween(before: Now, after: Now): OutgoingEvent[] {
  const changed = changedMembers(before, after);
  if (changed.length === 0) return [];
  const now = Object.fromEntries([...changed, 'now' as const].map((name) => [name, after[name]]));
  return [{ name: 'now', data: now }, ...detailed(before, after)];
}

function changedMembers(before: Now, after: Now): (keyof Now)[] {
  const names: (keyof Now)[] = [
    'version',
    'verdict',
    'incidents',
    'cycle',
    'nextCycleAt',
    'pipelines',
    'dbt',
    'happened',
    'rowsPerHour',
    'vitals',
    'counts',
  ];
  return names.filter((name) => !isSame(stable(name, before), stable(name, after)));
}

/** Bars end at the moment of the look: they alone are no change. */
function stable(name: keyof Now, now: Now): unknown {
  if (name === 'pipelines') return now.pipelines.map(({ bars: _, ...rest }) => rest);
  if (name === 'dbt') return { ...now.dbt, bars: [] };
  if (name === 'cycle' && now.cycle !== null) return { ...now.cycle, expectedEndAt: null };
  return now[name];
}

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

function detailed(before: Now, after: Now): OutgoingEvent[] {
  const events: OutgoingEvent[] = [];
  const cycle = after.cycle ?? before.cycle;
  if (cycle !== null && !isSame(stable('cycle', before), stable('cycle', after)))
    events.push({ name: 'cycle', data: { id: cycle.id } });
  for (const pipeline of after.pipelines) events.push(...ofPipeline(before, pipeline));
  if (!isSame(before.incidents, after.incidents)) {
    events.push({ name: 'incident', data: { ids: after.incidents.map(({ id }) => id) } });
  }
  const { rejected, deadLetters } = after.counts;
  if (rejected !== before.counts.rejected || deadLetters !== before.counts.deadLetters) {
    events.push({ name: 'quarantine', data: { rejected, deadLetters } });
  }
  if (!isSame(stable('dbt', before), stable('dbt', after))) {
    events.push({ name: 'dbt', data: { buildId: after.dbt.activity?.buildId ?? after.dbt.outcome?.buildId ?? null } });
  }
  if (!isSame(before.vitals, after.vitals)) events.push({ name: 'system', data: {} });
  return events;
}

function ofPipeline(before: Now, pipeline: Now['pipelines'][number]): OutgoingEvent[] {
  const earlier = before.pipelines.find(({ name }) => name === pipeline.name);
  if (isSame(earlier?.activity, pipeline.activity) && isSame(earlier?.outcome, pipeline.outcome)) return [];
  const runId = pipeline.activity?.runId ?? earlier?.activity?.runId ?? pipeline.outcome?.runId;
  if (runId === undefined) return [];
  const { name } = pipeline;
  const { activity } = pipeline;
  const events: OutgoingEvent[] = [{ name: 'run', data: { id: runId, pipeline: name } }];
  if (activity?.stream != null) {
    events.push({
      name: 'task',
      data: { id: `${runId}/${activity.stream}`, runId, pipeline: name, stream: activity.stream },
    });
  }
  return events;
}
