import { type LockReferred, Table } from './table.ts';

// The schema `pipeline` as far as the simulated parts use it: libs/control/migrations. Instants are milliseconds of the world's clock.

export interface PipelineRow {
  name: string;
  source: string;
  streams: { name: string; children: string[] }[];
  paused: boolean;
  seen_at: number;
  requested_at: number | null;
  requested_full_read: boolean;
  requested_mass_deletes: boolean;
}

export interface CycleRow {
  id: string;
  status: string;
  pipelines: string[];
  missing: string[];
  error: string | null;
  started_at: number;
  finished_at: number | null;
}

export interface RunRow {
  id: string;
  cycle_id: string;
  pipeline: string;
  source: string;
  status: string;
  error: string | null;
}

export interface TaskRow {
  id: string;
  run_id: string;
  pipeline: string;
  source: string;
  stream: string;
  status: string;
  full_read: boolean;
  mass_deletes: boolean;
  current_epoch: number | null;
  attempts: number;
  error: string | null;
  queued_at: number;
  command_sent_at: number;
}

export interface AttemptRow {
  epoch: number;
  task_id: string;
  pipeline: string;
  stream: string;
  lease_until: number;
  extracted_at: number | null;
  watermark: number;
  applied_seq: number;
  progress_at: number;
  outcome: string | null;
  error: string | null;
  cleaned: boolean;
}

export interface LedgerRow {
  epoch: number;
  seq: number;
  stream: string;
  sha256: string;
  rows: number;
  skipped: boolean;
  loaded_at: number;
}

export interface StateRow {
  id: number;
  pipeline: string;
  stream: string;
  value: string;
  epoch: number | null;
  seq: number | null;
  is_current: boolean;
}

export interface OutboxRow {
  id: number;
  exchange: string;
  routing_key: string;
  type: string;
  body: string;
  published_at: number | null;
}

/** A row of a stream's table. */
export interface TargetRow {
  /** The key, or the place of an event. */
  id: number;
  value: number;
  sequence: number;
  isDeleted: boolean;
}

export const isLive = (status: string): boolean => status === 'queued' || isUnderWay(status);
export const isUnderWay = (status: string): boolean => status === 'running' || status === 'loading';

/** All tables of one simulation. */
export class Schema {
  readonly pipelines = new Table<PipelineRow>('pipelines', [{ name: 'pipelines_pkey', key: ({ name }) => name }]);
  readonly cycles = new Table<CycleRow>('cycles', [
    {
      name: 'one_live_cycle',
      key: ({ status }) => (status === 'extracting' || status === 'transforming' ? 'live' : undefined),
    },
  ]);
  readonly runs = new Table<RunRow>(
    'runs',
    [{ name: 'one_live_run', key: ({ status, pipeline }) => (status === 'running' ? pipeline : undefined) }],
    (lock, run) => {
      lock(this.cycles, ({ id }) => id === run.cycle_id);
      lock(this.pipelines, ({ name }) => name === run.pipeline);
    },
  );
  readonly tasks = new Table<TaskRow>(
    'tasks',
    [
      {
        name: 'one_live_task',
        key: ({ status, pipeline, stream }) => (isLive(status) ? `${pipeline}/${stream}` : undefined),
      },
    ],
    (lock, task) => lock(this.runs, ({ id }) => id === task.run_id),
  );
  readonly attempts = new Table<AttemptRow>(
    'attempts',
    [{ name: 'attempts_pkey', key: ({ epoch }) => epoch }],
    (lock, attempt) => lock(this.tasks, ({ id }) => id === attempt.task_id),
  );
  readonly ledger = new Table<LedgerRow>(
    'ledger',
    [{ name: 'ledger_pkey', key: ({ epoch, seq }) => epoch * 1_000 + seq }],
    (lock, batch) => this.#referToAttempt(lock, batch.epoch),
  );
  readonly manifests = new Table<{ epoch: number; manifest: string }>(
    'manifests',
    [{ name: 'manifests_pkey', key: ({ epoch }) => epoch }],
    (lock, manifest) => this.#referToAttempt(lock, manifest.epoch),
  );
  readonly checkpoints = new Table<{ epoch: number; seq: number; value: string }>(
    'checkpoints',
    [{ name: 'checkpoints_pkey', key: ({ epoch, seq }) => epoch * 1_000 + seq }],
    (lock, checkpoint) => this.#referToAttempt(lock, checkpoint.epoch),
  );
  readonly states = new Table<StateRow>(
    'states',
    [
      {
        name: 'one_current_state',
        key: ({ is_current, pipeline, stream }) => (is_current ? `${pipeline}/${stream}` : undefined),
      },
    ],
    (lock, state) => lock(this.pipelines, ({ name }) => name === state.pipeline),
  );
  readonly outbox = new Table<OutboxRow>('outbox');
  readonly leaders = new Table<{ name: string; holder: string; lease_until: number }>('leaders', [
    { name: 'leaders_pkey', key: ({ name }) => name },
  ]);
  /** The tables of the streams; those without a key have no index. */
  readonly targets = new Map<string, Table<TargetRow>>();

  addTarget(stream: string, hasKey: boolean): void {
    const unique = hasKey ? [{ name: `${stream}_pkey`, key: ({ id }: TargetRow) => id }] : [];
    this.targets.set(stream, new Table<TargetRow>(stream, unique));
  }

  target(stream: string): Table<TargetRow> {
    const table = this.targets.get(stream);
    if (table === undefined) throw new RangeError(`there is no table ${stream}`);
    return table;
  }

  #referToAttempt(lock: LockReferred, epoch: number): void {
    lock(this.attempts, (attempt) => attempt.epoch === epoch);
  }
}
