import { iso, LABEL } from './instant.sql.ts';

/** Joins the figures of runs `r`: kept ones, or those of this moment while a run is live. */
export const FIGURES_JOIN = `left join pipeline.run_figures kept on kept.run_id = r.id
  left join lateral (select f.* from pipeline.figures_of_run(r.id) f where kept.run_id is null) now_figures on kept.run_id is null`;

export const figure = (name: string): string => `coalesce(kept.${name}, now_figures.${name}, 0)::float8`;

/** Seconds that a run has taken, or takes by now. */
export const RUN_SECONDS = `greatest(0, extract(epoch from coalesce(r.finished_at, clock_timestamp()) - r.started_at))::float8`;

/** Columns of a run in a list; `r` runs, `c` its cycle, `p` its pipeline. */
export const RUN_COLUMNS = `r.id, r.cycle_id as "cycleId", r.pipeline, r.source, ${LABEL} as label, r.status as state,
  coalesce(c.requested_by, 'schedule') as by, ${iso('r.started_at')} as "startedAt", ${iso('r.finished_at')} as "finishedAt",
  ${RUN_SECONDS} as seconds, ${figure('rows_read')} as "rowsRead", ${figure('rows_loaded')} as "rowsLoaded",
  ${figure('rejected')} as rejected, r.error`;
