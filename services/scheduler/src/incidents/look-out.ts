import { statfs } from 'node:fs/promises';
import {
  type Alert,
  countViolations,
  describeAlert,
  electLeader,
  findProblems,
  linkIncidents,
  type Problem,
  reconcileIncidents,
} from '@pipeline/control';
import { expectedFailure, type Pool } from '@pipeline/postgres';
import type { Logger } from '@pipeline/protocol';
import { type Loop, startLoop } from '@pipeline/resilience';
import type { Defects } from '@pipeline/service';
import { isNotOneOf } from '../alerts.ts';
import { kept } from '../observe/kept.ts';
import { readStreams } from '../observe/streams.ts';
import type { LiveSettings } from '../settings.ts';

/** Two looks make an incident. */
const LOOK_MS = 2_500;
const LEASE_MS = 15_000;
const VIOLATIONS_MS = 10 * 60_000;
const DISK_SHARE_MIN = 0.1;
const DISK_BYTES_MIN = 5e9;

type DiskOf = (path: string) => Promise<{ bavail: number; blocks: number; bsize: number }>;

export interface LookOutDeps {
  pool: Pool;
  logger: Logger;
  defects: Defects;
  instance: string;
  settings: Pick<LiveSettings, 'intervalSeconds'>;
  dataPath: string;
  /** @default the file system's own figures */
  diskOf?: DiskOf;
  /** What only this process knows: the broker, and what the scheduler itself waits for. */
  ownAlerts: () => Alert[];
  /** Tells of what has opened and closed. */
  tell: () => Promise<void>;
}

/** Looks every few seconds for what needs a person, and remembers it. One replica looks at a time. */
export function startLookOut(deps: LookOutDeps): Loop {
  const { pool, logger } = deps;
  const look = lookOut(deps);
  return startLoop({
    everyMs: LOOK_MS,
    step: async () => {
      if (!(await electLeader(pool, 'look-out', deps.instance, LEASE_MS))) return;
      await look();
    },
    errors: {
      logger,
      waiting: 'nobody looks for incidents',
      expected: expectedFailure,
      onDefect: deps.defects('look-out'),
    },
  });
}

/** One look: compares what is wrong with what was, and tells of what has changed. */
export function lookOut(deps: Omit<LookOutDeps, 'logger' | 'defects' | 'instance'>): () => Promise<void> {
  const { pool } = deps;
  const violations = kept(VIOLATIONS_MS, () => countViolations(pool));
  return async () => {
    const own = deps.ownAlerts();
    const problems = [
      ...own.map(describeAlert),
      ...(await findProblems(pool)).filter(isNotOneOf(own)),
      ...(await lateStreams(deps)),
      ...(await lowDisk(deps.dataPath, deps.diskOf ?? statfs)),
      ...brokenInvariants(await violations()),
    ];
    await reconcileIncidents(pool, problems);
    await linkIncidents(pool);
    await deps.tell();
  };
}

const NOTHING_ELSE = { pipeline: null, stream: null, runId: null } as const;

async function lateStreams(deps: Pick<LookOutDeps, 'pool' | 'settings'>): Promise<Problem[]> {
  const streams = await readStreams(deps);
  return streams
    .filter(({ item }) => item.isLate && item.parent === null)
    .map(({ item }) => ({
      kind: 'late_stream',
      subject: `${item.pipeline}/${item.stream}`,
      code: 'STREAM_LATE',
      severity: 'warn' as const,
      title: `${item.connection}.${item.stream} is late`,
      cause: `It was last loaded at ${item.loadedAt ?? 'no time'}.`,
      remedy: 'see what its pipeline waits for, or run it now',
      effect: 'what is built from it is as old',
      pipeline: item.pipeline,
      stream: item.stream,
      runId: null,
      since: item.loadedAt === null ? new Date() : new Date(item.loadedAt),
    }));
}

async function lowDisk(path: string, diskOf: DiskOf): Promise<Problem[]> {
  const disk = await diskOf(path).catch(() => undefined);
  if (disk === undefined) return [];
  const free = disk.bavail * disk.bsize;
  if (free >= DISK_BYTES_MIN || disk.bavail >= disk.blocks * DISK_SHARE_MIN) return [];
  const title = `The disk has ${(free / 1e9).toFixed(1)} GB left`;
  const remedy = 'free some, or make the disk larger: RabbitMQ and PostgreSQL stop when it is full';
  return [
    {
      kind: 'disk_low',
      subject: path,
      code: 'DISK_LOW',
      severity: 'fail',
      title,
      cause: `${path} is nearly full.`,
      remedy,
      effect: '',
      ...NOTHING_ELSE,
      since: new Date(),
    },
  ];
}

function brokenInvariants(count: number): Problem[] {
  if (count === 0) return [];
  const cause = `The view pipeline.violations has ${count} rows.`;
  const remedy = 'this is a defect: please report it, with the logs of that time';
  return [
    {
      kind: 'violation',
      subject: 'pipeline.violations',
      code: 'VIOLATION',
      severity: 'fail',
      title: 'An invariant is broken',
      cause,
      remedy,
      effect: '',
      ...NOTHING_ELSE,
      since: new Date(),
    },
  ];
}
