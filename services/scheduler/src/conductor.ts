import type { Broker } from '@pipeline/broker';
import {
  dbtBuild,
  electLeader,
  listPipelines,
  PIPELINE_ALIVE_MS,
  prune,
  recentCycles,
  resignLead,
  streamReports,
} from '@pipeline/control';
import { expectedFailure, type Pool } from '@pipeline/postgres';
import type { Logger } from '@pipeline/protocol';
import { type Loop, oncePer, startLoop } from '@pipeline/resilience';
import type { Defects, Tracing } from '@pipeline/service';
import { advance, areDiscovered } from './cycle.ts';
import { cycleTable } from './cycle-report.ts';
import { keepSchedules } from './schedule/keep-schedules.ts';
import { renewChecks } from './schedule/renew-checks.ts';
import { withoutGap } from './schedule/without-gap.ts';
import type { LiveSettings } from './settings.ts';
import { tellCycle } from './tracing/cycle-spans.ts';
import type { Troubles } from './troubles.ts';
import { watch } from './watch.ts';

const TICK_MS = 500;
/** The leader renews its lease this often within one lease. */
const RENEWALS_PER_LEASE = 3;
const WATCH_MS = 5_000;
const PRUNE_MS = 60 * 60_000;
const SCHEDULE_MS = 1_000;
const SETTINGS_MS = 1_000;
const CHECKS_MS = 60_000;
/** Taps that start together register within this time of each other. */
const REGISTRATION_SPREAD_MS = 3_000;
const LEAD = 'scheduler';

export interface ConductorDeps {
  pool: Pool;
  broker: Broker;
  logger: Logger;
  settings: LiveSettings;
  /** Names this replica. */
  instance: string;
  defects: Defects;
  tracing: Tracing;
  troubles: Troubles['of'];
  onCycleEnd: (succeeded: boolean) => void;
}

/** Leads the schedule, or stands by while another replica does. All it knows is in PostgreSQL, so it may die at any moment. */
export function startConductor(deps: ConductorDeps): Loop {
  const { pool, logger, settings, instance } = deps;
  const { config } = settings;
  const startedAt = performance.now();
  const leaseMs = config.SCHEDULER_LEASE_SECONDS * 1_000;
  const everyLead = oncePer(leaseMs / RENEWALS_PER_LEASE);
  const everyWatch = oncePer(WATCH_MS);
  const watched = withoutGap(PIPELINE_ALIVE_MS);
  const everyPrune = oncePer(PRUNE_MS);
  const everySchedule = oncePer(SCHEDULE_MS);
  const everySettings = oncePer(SETTINGS_MS);
  const everyChecks = oncePer(CHECKS_MS);
  let isLeader = false;
  let firstSeenAt: number | undefined;

  const wasDiscovered = async (): Promise<boolean> => {
    if (areDiscovered(await listPipelines(pool), config.PIPELINE_NAMES)) firstSeenAt ??= performance.now();
    if (firstSeenAt !== undefined && performance.now() - firstSeenAt > REGISTRATION_SPREAD_MS) return true;
    return performance.now() - startedAt > config.PIPELINE_DISCOVERY_SECONDS * 1_000;
  };
  const lead = async (): Promise<boolean> => {
    if (!everyLead()) return isLeader;
    const leads = await electLeader(pool, LEAD, instance, leaseMs);
    if (leads !== isLeader) logger.info({}, leads ? 'leads the schedule' : 'stands by: another scheduler leads');
    isLeader = leads;
    return leads;
  };
  const loop = startLoop({
    everyMs: TICK_MS,
    step: async () => {
      // Every replica: its page shows them too.
      if (everySettings()) await settings.refresh();
      if (!(await lead())) return;
      const current = { ...deps, config: settings.config };
      if (everyWatch()) await watch({ ...current, watchedMs: watched() });
      if (everyPrune()) await prune(pool);
      if (everySchedule()) await keepSchedules({ pool, logger, intervalSeconds: settings.intervalSeconds });
      if (everyChecks()) await renewChecks({ pool, logger });
      const ended = await advance(current, await wasDiscovered());
      if (ended !== undefined) deps.onCycleEnd(await reportCycle(deps, ended));
    },
    errors: {
      logger,
      waiting: 'the schedule waits',
      expected: expectedFailure,
      onDefect: deps.defects('schedule'),
      onWaiting: deps.troubles('the schedule'),
    },
  });
  return {
    wake: loop.wake,
    stop: async () => {
      await loop.stop();
      if (isLeader) await resignLead(pool, LEAD, instance).catch(() => undefined);
    },
  };
}

async function reportCycle({ pool, logger, settings, tracing }: ConductorDeps, cycleId: string): Promise<boolean> {
  const cycle = (await recentCycles(pool, 1)).find(({ id }) => id === cycleId);
  for (const line of cycleTable(await streamReports(pool, cycleId), await dbtBuild(pool, cycleId))) {
    logger.info({ cycleId }, line);
  }
  if (cycle !== undefined) await tellCycle(pool, tracing, cycle);
  const succeeded = cycle?.status === 'succeeded';
  const next = settings.config.PIPELINE_ONCE ? '' : `; the next one starts in ${settings.intervalSeconds} s`;
  if (succeeded) logger.info({ cycleId }, `cycle succeeded${next}`);
  else logger.error({ cycleId }, `cycle failed: ${cycle?.error ?? 'see above'}${next}`);
  return succeeded;
}
