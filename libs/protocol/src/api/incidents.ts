import { z } from 'zod';
import { Instant, page, pageQuery, QueryFlag, RowId } from './form.ts';

/** The one sentence about everything. First that fits, from the top. */
export const Verdict = z.strictObject({
  state: z.enum(['down', 'attention', 'late', 'paused', 'first', 'fine']),
  /** `2 things need you` */
  title: z.string(),
  /** `22 of 24 streams are fresh and complete. Everything else goes on.` */
  text: z.string(),
  /** Incidents that need a person. */
  count: z.number().int(),
});
export type Verdict = z.infer<typeof Verdict>;

/** The button of an incident: where it leads on the page and what does it on the command line. */
export const IncidentAction = z.strictObject({
  label: z.string(),
  href: z.string(),
  /** `pipeline check wrike` */
  command: z.string().nullable(),
});

const incident = {
  id: RowId,
  kind: z.string(),
  /** What it is about: a pipeline, a stream (`pipeline/stream`), a queue, a dbt node. */
  subject: z.string(),
  code: z.string(),
  severity: z.enum(['fail', 'warn']),
  title: z.string(),
  cause: z.string(),
  remedy: z.string(),
  /** What is stale or wrong because of it. Empty: nothing else. */
  effect: z.string(),
  pipeline: z.string().nullable(),
  stream: z.string().nullable(),
  runId: z.uuid().nullable(),
  openedAt: Instant,
  closedAt: Instant.nullable(),
  /** Cycles that have seen it. */
  cycles: z.number().int().nullable(),
  action: IncidentAction.nullable(),
};

/** Something that needs a person, or probably follows from something that does: then it hangs under it and is not counted. */
export const Incident = z.strictObject({
  ...incident,
  /** Incidents that are probably there because of this one. */
  consequences: z.array(z.strictObject(incident)),
});
export type Incident = z.infer<typeof Incident>;

export const IncidentsQuery = z.strictObject({ ...pageQuery, open: QueryFlag });
export const Incidents = page(Incident);
