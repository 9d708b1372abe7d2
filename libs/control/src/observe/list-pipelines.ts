import type { Queryable } from '@pipeline/postgres';
import type { HistoryBar, LastOutcome, Schedule } from '@pipeline/protocol/api';
import type { z } from 'zod';
import type { PipelineStreams } from '../cycle/pipeline-streams.ts';
import { PIPELINE_ALIVE_MS } from '../cycle/pipelines.ts';
import * as statements from './list-pipelines.sql.ts';

export interface PipelineRow {
  name: string;
  connection: string;
  source: string;
  label: string;
  isAlive: boolean;
  isRequested: boolean;
  isPaused: boolean;
  pausedAt: string | null;
  pausedBy: string | null;
  pauseReason: string | null;
  pausedUntil: string | null;
  schedule: Schedule | null;
  failuresInRow: number;
  retryAt: string | null;
  streams: PipelineStreams[];
  targetSchema: string;
  outcome: LastOutcome | null;
  liveRunId: string | null;
  liveSince: string | null;
  lastFinishedAt: string | null;
}

/** Pipelines that have ever registered, by name, with how their last run ended and whether one is live. */
export async function listPipelineRows(db: Queryable, name?: string): Promise<PipelineRow[]> {
  return statements.selectPipelines.all(db, { aliveSeconds: PIPELINE_ALIVE_MS / 1000, name: name ?? null });
}

/** The newest runs of each pipeline, oldest first: the strip of the first page. */
export async function listHistory(db: Queryable): Promise<Map<string, z.infer<typeof HistoryBar>[]>> {
  const rows = await statements.selectHistory.all(db);
  return new Map(rows.map(({ pipeline, bars }) => [pipeline, bars]));
}

export interface LiveTask {
  runId: string;
  pipeline: string;
  stream: string;
  status: 'queued' | 'running' | 'loading' | 'loaded' | 'incomplete' | 'failed' | 'cancelled';
  startedAt: string | null;
  finishedAt: string | null;
  isFull: boolean;
  rows: number;
  rowsLately: number;
  waitingFor: string | null;
  waitingUntil: string | null;
  waits: { from: string; until: string }[];
}

/** Tasks of runs that are live. */
export async function listLiveTasks(db: Queryable): Promise<LiveTask[]> {
  return statements.selectLiveTasks.all(db);
}
