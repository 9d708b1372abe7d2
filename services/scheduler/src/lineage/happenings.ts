import type { LineageAttempt, LineageBuild, LineageModel, LineageTable } from '@pipeline/control';
import { sourceOfPipeline } from '@pipeline/protocol';
import { type Dataset, type Happening, namedUuid, type RunEvent, rowsFacet, schemaFacet } from './run-event.ts';

/** What datasets and jobs are named after. */
export interface Places {
  /** Of the jobs. */
  namespace: string;
  /** `postgres://host:port` */
  warehouse: string;
  database: string;
}

const ENDS = {
  loaded: 'COMPLETE',
  incomplete: 'COMPLETE',
  failed: 'FAIL',
  interrupted: 'ABORT',
  superseded: 'ABORT',
} as const satisfies Record<NonNullable<LineageAttempt['outcome']>, RunEvent['eventType']>;

/** An attempt reads streams of a connection and writes tables. */
export function attemptStarted(places: Places, attempt: LineageAttempt): Happening {
  return { ...ofAttempt(places, attempt), type: 'START', at: attempt.startedAt, inputs: [streamOf(attempt)] };
}

export function attemptEnded(places: Places, attempt: LineageAttempt, tables: LineageTable[]): Happening {
  const { outcome, endedAt, error } = attempt;
  return {
    ...ofAttempt(places, attempt),
    ...{ type: ENDS[outcome ?? 'superseded'], at: endedAt, error },
    inputs: tables.map(({ stream }) => streamOf({ ...attempt, stream })),
    outputs: tables.flatMap(({ databaseSchema, table, rows, columns }) =>
      databaseSchema === null || table === null
        ? []
        : {
            ...relation(places, `${databaseSchema}.${table}`),
            facets: schemaFacet(columns),
            outputFacets: rowsFacet(rows),
          },
    ),
  };
}

function ofAttempt({ namespace }: Places, { taskId, epoch, pipeline, stream, cycleId }: LineageAttempt) {
  return {
    runId: namedUuid(taskId, epoch),
    job: { namespace, name: `${pipeline}.${stream}`, kind: 'EXTRACT' },
    parent: { runId: cycleId, name: 'cycle' },
  } as const;
}

/** `hubspot://hubspot_sales`, `deals` */
function streamOf({ source, pipeline, stream }: Pick<LineageAttempt, 'source' | 'pipeline' | 'stream'>): Dataset {
  return { namespace: `${source}://${sourceOfPipeline(pipeline)}`, name: stream };
}

function relation({ warehouse, database }: Places, name: string): Dataset {
  return { namespace: warehouse, name: `${database}.${name}` };
}

/** A build as a whole has no datasets: its models have. */
export function buildStarted(places: Places, build: LineageBuild): Happening {
  return { ...ofBuild(places, build), type: 'START', at: build.startedAt };
}

export function buildEnded(places: Places, build: LineageBuild): Happening {
  const type = build.status === 'succeeded' ? 'COMPLETE' : 'FAIL';
  return { ...ofBuild(places, build), type, at: build.endedAt, error: build.error };
}

function ofBuild({ namespace }: Places, { id, target, cycleIds: [cycleId] }: LineageBuild) {
  const parent = cycleId === undefined ? undefined : { runId: cycleId, name: 'cycle' };
  return { runId: id, job: { namespace, name: `dbt.${target}`, kind: 'BUILD' }, parent } as const;
}

/** Both events of a model: dbt says when the build is over what it has made. */
export function modelBuilt(places: Places, build: LineageBuild, model: LineageModel): Happening[] {
  const { namespace } = places;
  const both: Omit<Happening, 'type' | 'at'> = {
    runId: namedUuid(build.id, model.id),
    job: { namespace, name: `dbt.${build.target}.${model.name}`, kind: 'MODEL' },
    parent: { runId: build.id, name: `dbt.${build.target}` },
    inputs: model.parents.map((parent) => relation(places, parent)),
    outputs: [relation(places, `${model.databaseSchema}.${model.table}`)],
  };
  const isBuilt = model.status === 'success';
  return [
    { ...both, type: 'START', at: build.startedAt },
    {
      ...both,
      type: isBuilt ? 'COMPLETE' : 'FAIL',
      at: build.endedAt,
      error: isBuilt ? null : (model.reason ?? 'dbt did not build it'),
    },
  ];
}
