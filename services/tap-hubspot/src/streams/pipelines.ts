import { column, objectSchema } from '@pipeline/singer';
import { defineStream, type Stream, type StreamShape } from '@pipeline/tap-kit';
import { z } from 'zod';
import { pathOf } from '../paths.ts';
import { parseResponse } from '../response.ts';
import type { Settings } from '../settings.ts';

/** What integrations make may lack any field but its id. */
const Labelled = z.object({
  id: z.union([z.string(), z.number()]).transform(String),
  label: z.string().nullish(),
  displayOrder: z.int().nullish(),
  archived: z.boolean().nullish(),
  createdAt: z.string().nullish(),
  updatedAt: z.string().nullish(),
});
const Value = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const Stage = Labelled.extend({
  metadata: z.record(z.string(), Value).nullish(),
  writePermissions: z.string().nullish(),
});
const Pipelines = z.object({ results: z.array(Labelled.extend({ stages: z.array(Stage).nullish() })) });

const labelled = {
  id: column.key,
  label: column.string,
  displayOrder: column.integer,
  archived: column.boolean,
  createdAt: column.dateTime,
  updatedAt: column.dateTime,
};

/** The pipelines that objects of a type go through, with their stages: one request brings them all. Whether a stage is closed and how likely
 *  a deal in it is won stands in `metadata`. */
export function pipelinesOf(typeId: string, singular: string, scope: string): Stream<Settings> {
  const name = `${singular}_pipelines`;
  const stages: StreamShape = {
    name: `${singular}_pipeline_stages`,
    keyProperties: ['pipeline_id', 'id'],
    schema: objectSchema({
      pipeline_id: column.key,
      ...labelled,
      metadata: column.object,
      writePermissions: column.string,
    }),
  };
  return defineStream<Settings>({
    name,
    keyProperties: ['id'],
    schema: objectSchema(labelled),
    replication: { method: 'FULL_TABLE' },
    children: [stages],
    about: {
      endpoint: `GET /crm/pipelines/2026-09/${typeId}`,
      scopes: [scope],
      deletes: 'every read is complete',
      requestsIdle: 1,
    },
    async *read({ http, settings }) {
      const path = pathOf(settings, 'pipelines', typeId);
      const { results } = parseResponse(Pipelines, await http.json({ path }), path);
      yield { type: 'records', stream: name, records: results.map(({ stages: _stages, ...own }) => whole(own)) };
      const rows = results.flatMap((pipeline) =>
        (pipeline.stages ?? []).map(({ metadata = null, writePermissions = null, ...stage }) => ({
          ...{ pipeline_id: pipeline.id, ...whole(stage), metadata, writePermissions },
        })),
      );
      yield { type: 'records', stream: stages.name, records: rows };
      yield { type: 'deletes', stream: name, rule: { kind: 'absent' } };
      yield { type: 'deletes', stream: stages.name, rule: { kind: 'absent' } };
    },
  });
}

function whole({ id, ...fields }: z.infer<typeof Labelled>) {
  const { label = null, displayOrder = null, archived = null, createdAt = null, updatedAt = null } = fields;
  return { id, label, displayOrder, archived, createdAt, updatedAt };
}
