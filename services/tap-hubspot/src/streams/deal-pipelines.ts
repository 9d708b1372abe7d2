import { column, objectSchema } from '@pipeline/singer';
import { defineStream, type StreamShape } from '@pipeline/tap-kit';
import { z } from 'zod';
import { parseAnswer } from '../answer.ts';
import type { HubspotSettings } from '../settings.ts';

const PATH = '/crm/v3/pipelines/deals';

const Labelled = z.object({
  id: z.string(),
  label: z.string(),
  displayOrder: z.int(),
  archived: z.boolean(),
  createdAt: z.string(),
  updatedAt: z.string(),
});
const Stage = Labelled.extend({
  metadata: z.record(z.string(), z.union([z.string(), z.null()])),
  writePermissions: z.string().nullish().default(null),
});
const Pipelines = z.object({ results: z.array(Labelled.extend({ stages: z.array(Stage) })) });

const labelled = {
  id: column.key,
  label: column.string,
  displayOrder: column.integer,
  archived: column.boolean,
  createdAt: column.dateTime,
  updatedAt: column.dateTime,
};

/** The stages of every pipeline. Whether a stage is closed and how likely a deal in it is won stands in `metadata`, as text. */
const stages: StreamShape = {
  name: 'deal_pipeline_stages',
  keyProperties: ['pipeline_id', 'id'],
  schema: objectSchema({
    pipeline_id: column.key,
    ...labelled,
    metadata: column.object,
    writePermissions: column.string,
  }),
};

/** The pipelines that deals go through: one request brings them all, with their stages. */
export const dealPipelines = defineStream<HubspotSettings>({
  name: 'deal_pipelines',
  keyProperties: ['id'],
  schema: objectSchema(labelled),
  replication: { method: 'FULL_TABLE' },
  children: [stages],
  async *read({ http }) {
    const { results } = parseAnswer(Pipelines, await http.json({ path: PATH }), PATH);
    yield { type: 'records', stream: 'deal_pipelines', records: results.map(({ stages: _stages, ...own }) => own) };
    const rows = results.flatMap((pipeline) =>
      pipeline.stages.map((stage) => ({ pipeline_id: pipeline.id, ...stage })),
    );
    yield { type: 'records', stream: stages.name, records: rows };
    yield { type: 'deletes', stream: 'deal_pipelines', rule: { kind: 'absent' } };
    yield { type: 'deletes', stream: stages.name, rule: { kind: 'absent' } };
  },
});
