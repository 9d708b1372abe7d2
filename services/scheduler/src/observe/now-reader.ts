import {
  countOpen,
  countViolations,
  hasLeader,
  listBuilds,
  listCycles,
  listHappenings,
  listHistory,
  listHours,
  listInstances,
  listLiveTasks,
  listOpenIncidents,
  listPipelineRows,
  NOTICES,
  readDatabaseReport,
  readExpectations,
  readRunExpectations,
  verdictOf,
} from '@pipeline/control';
import type { Pool } from '@pipeline/postgres';
import type { Now, Status, StreamItem } from '@pipeline/protocol/api';
import type { LiveSettings } from '../settings.ts';
import { activityOf, barsOf } from './activity.ts';
import { describeDbt } from './dbt-now.ts';
import { kept } from './kept.ts';
import { lastKnown, withoutDatabase } from './last-known.ts';
import { summaryOf } from './pipelines.ts';
import { readStreams } from './streams.ts';

type ListedCycle = Awaited<ReturnType<typeof listCycles>>[number];

const HAPPENINGS = 20;
const BUILD_HISTORY = 40;
/** What everybody asks for at the same moment is read once. */
const FRESH_MS = 900;
/** What changes slowly. */
const SLOW_MS = 5_000;
/** Reads the whole ledger. */
const VIOLATIONS_MS = 10 * 60_000;

export interface NowDeps {
  pool: Pool;
  settings: Pick<LiveSettings, 'intervalSeconds'>;
  version: string;
  brokerBlockedBecause: () => string | null;
  isBrokerConnected: () => boolean;
}

/** Reads the first page. Many readers share one read. */
export class NowReader {
  readonly #deps: NowDeps;
  readonly read: () => Promise<Now>;
  /** After a command: not what was read a moment ago. */
  readonly readFresh: () => Promise<Now>;
  readonly readStatus: () => Promise<Status>;
  readonly #streams: () => Promise<StreamItem[]>;

  constructor(deps: NowDeps) {
    this.#deps = deps;
    const { pool } = deps;
    const slow = kept(SLOW_MS, () => readSlow(deps));
    const violations = kept(VIOLATIONS_MS, () => countViolations(pool));
    this.#streams = lastKnown(
      async () => (await slow()).streams,
      (streams) => streams,
    );
    this.readFresh = async () => this.#assemble(await readFacts(pool), await slow(), await violations());
    this.read = lastKnown(kept(FRESH_MS, this.readFresh), withoutDatabase);
    this.readStatus = async () => toStatus(await this.read(), await this.#streams());
  }

  #assemble(
    facts: Awaited<ReturnType<typeof readFacts>>,
    slow: Awaited<ReturnType<typeof readSlow>>,
    violations: number,
  ): Now {
    const { version } = this.#deps;
    const { intervalSeconds } = this.#deps.settings;
    const { rows, tasks, counts, expected } = facts;
    const incidents = facts.incidents.filter(({ kind }) => !NOTICES.has(kind));
    const [cycle] = facts.cycles;
    const isLive = cycle?.finishedAt === null;
    const nextCycleAt =
      cycle?.finishedAt == null ? null : new Date(Date.parse(cycle.finishedAt) + intervalSeconds * 1000).toISOString();
    const pipelines = rows.map((row) => {
      const own = tasks.filter(({ pipeline }) => pipeline === row.name);
      const activity = activityOf(row, own, expected, slow.runSeconds.get(row.name));
      return {
        ...summaryOf(row, activity, slow.streams, { intervalSeconds, nextCycleAt }),
        bars: barsOf(row, cycle, own, activity),
        history: slow.history.get(row.name) ?? [],
      };
    });
    const failing = slow.builds.find(({ finishedAt }) => finishedAt !== null)?.failed ?? 0;
    return {
      now: new Date().toISOString(),
      version,
      verdict: verdictOf({
        hasLeader: facts.leads,
        brokerBlockedBecause: this.#deps.brokerBlockedBecause(),
        violations,
        incidents: incidents.length,
        streams: slow.streams.length,
        freshStreams: slow.streams.filter(isFresh).length,
        lateStreams: slow.streams.filter(({ isLate, parent }) => isLate && parent === null).length,
        pause: pauseOfAll(pipelines),
        hasPipeline: pipelines.length > 0,
        hasCycleEnded: facts.cycles.some(({ finishedAt }) => finishedAt !== null),
        rowsSoFar: cycle?.rows ?? 0,
      }),
      incidents,
      cycle: cycle === undefined ? null : cycleOf(cycle, isLive, pipelines, slow.runSeconds),
      nextCycleAt,
      pipelines,
      dbt: describeDbt(slow.builds, cycle),
      happened: slow.happened,
      rowsPerHour: slow.hours,
      vitals: {
        services: slow.instances.length,
        servicesReady: slow.instances.filter(
          ({ isAlive, checks }) => isAlive && Object.values(checks).every((check) => check === 'ok'),
        ).length,
        queuedMessages: null,
        databaseBytes: slow.database.bytes,
        isBrokerConnected: this.#deps.isBrokerConnected(),
        isDatabaseConnected: true,
      },
      counts: { ...counts, failingNodes: failing },
    };
  }
}

/** What changes from second to second. */
async function readFacts(pool: Pool) {
  const [rows, tasks, cycles, incidents, counts, leads] = await Promise.all([
    listPipelineRows(pool),
    listLiveTasks(pool),
    listCycles(pool, { limit: 2, after: undefined }),
    listOpenIncidents(pool),
    countOpen(pool),
    hasLeader(pool),
  ]);
  return { rows, tasks, cycles, incidents, counts, leads, expected: await readExpectations(pool, tasks) };
}

/** What changes slowly. */
async function readSlow(deps: NowDeps) {
  const { pool } = deps;
  return {
    streams: (await readStreams(deps)).map(({ item }) => item),
    history: await listHistory(pool),
    hours: await listHours(pool),
    happened: await listHappenings(pool, HAPPENINGS),
    builds: await listBuilds(pool, { limit: BUILD_HISTORY, after: undefined }),
    runSeconds: await readRunExpectations(pool),
    instances: await listInstances(pool),
    database: await readDatabaseReport(pool),
  };
}

const isFresh = ({ isLate, outcome }: StreamItem) => !isLate && outcome === 'loaded';

function pauseOfAll(pipelines: Now['pipelines']) {
  const [first] = pipelines;
  if (first?.pause == null || pipelines.some(({ pause }) => pause === null)) return null;
  return { by: first.pause.by, since: first.pause.at, reason: first.pause.reason };
}

function cycleOf(
  cycle: ListedCycle,
  isLive: boolean,
  pipelines: Now['pipelines'],
  runSeconds: Map<string, number>,
): Now['cycle'] {
  const { id, state, by, startedAt, finishedAt } = cycle;
  const ends = pipelines.flatMap(({ activity }) => activity?.expectedEndAt ?? []);
  const pendingSeconds = cycle.pending.map((name) => runSeconds.get(name));
  const isKnown = isLive && pendingSeconds.every((seconds) => seconds !== undefined);
  const base = Math.max(Date.now(), ...ends.map(Date.parse));
  const rest = pendingSeconds.reduce<number>((sum, seconds) => sum + (seconds ?? 0), 0);
  return {
    id,
    state,
    by,
    startedAt,
    finishedAt,
    expectedEndAt: isKnown ? new Date(base + rest * 1000).toISOString() : null,
  };
}

function toStatus(now: Now, streams: StreamItem[]): Status {
  const { verdict, incidents, cycle, nextCycleAt, counts, version } = now;
  return {
    ...{ now: now.now, version, verdict, incidents, cycle, nextCycleAt, counts },
    pipelines: now.pipelines.map(({ bars: _, history: __, ...pipeline }) => pipeline),
    streams: { total: streams.length, fresh: streams.filter(isFresh).length },
  };
}
