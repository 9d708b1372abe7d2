import type { listBuilds, listCycles } from '@pipeline/control';
import type { Now } from '@pipeline/protocol/api';

type Build = Awaited<ReturnType<typeof listBuilds>>[number];
type Cycle = Awaited<ReturnType<typeof listCycles>>[number];
type HistoryState = Now['dbt']['history'][number]['state'];

/** Of builds that are over. */
const HISTORY_STATES: Partial<Record<Build['state'], HistoryState>> = { failed: 'failed', succeeded: 'loaded' };

/** What the first page shows of dbt: the build that runs, the one before, and how long they took. `builds` are newest first. */
export function describeDbt(builds: Build[], cycle: Cycle | undefined): Now['dbt'] {
  const last = builds.find(({ finishedAt }) => finishedAt !== null);
  const live = builds.find(({ finishedAt }) => finishedAt === null);
  const bars: Now['dbt']['bars'] = [];
  if (last?.startedAt != null && last.finishedAt !== null && cycle?.dbt?.buildId === last.id) {
    bars.push({ kind: last.state === 'failed' ? 'failed' : 'done', from: last.startedAt, to: last.finishedAt });
  }
  if (live?.startedAt != null) bars.push({ kind: 'done', from: live.startedAt, to: new Date().toISOString() });
  return {
    outcome: last === undefined ? null : outcomeOf(last),
    activity:
      live === undefined
        ? null
        : {
            buildId: live.id,
            state: live.state === 'running' ? 'running' : 'queued',
            startedAt: live.startedAt,
            expectedEndAt: null,
          },
    bars,
    history: builds
      .filter(({ startedAt }) => startedAt !== null)
      .map((build) => ({
        cycleId: build.cycleIds[0] ?? build.id,
        id: build.id,
        startedAt: build.startedAt ?? build.requestedAt,
        seconds: build.seconds ?? 0,
        state: HISTORY_STATES[build.state] ?? 'running',
        rejected: 0,
      }))
      .reverse(),
  };
}

function outcomeOf(build: Build): Now['dbt']['outcome'] {
  return {
    buildId: build.id,
    state: build.state === 'succeeded' ? 'succeeded' : 'failed',
    finishedAt: build.finishedAt ?? build.requestedAt,
    seconds: build.seconds ?? 0,
    models: build.models,
    testsPassed: build.testsPassed,
    warned: build.warned,
    failed: build.failed,
    error: build.error,
  };
}
