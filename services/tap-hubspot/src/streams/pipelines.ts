import { column, objectSchema } from '@pipeline/singer';
import { type DiscoverContext, defineStream, type Stream, type StreamShape } from '@pipeline/tap-kit';
import { z } from 'zod';
import { isCustom, type ObjectType } from '../crm/object-type.ts';
import { typeProblem } from '../crm/type-problem.ts';
import { pathOf } from '../reading/paths.ts';
import { parseResponse } from '../reading/response.ts';
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
export function pipelinesOf(type: ObjectType): Stream<Settings> {
  const name = pipelinesName(type);
  const stages: StreamShape = {
    name: `${name.slice(0, -1)}_stages`,
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
    isSelectedByDefault: type.isSelectedByDefault,
    about: {
      endpoint: `GET /crm/pipelines/2026-09/${type.id}`,
      scopes: type.scopes,
      deletes: 'every read is complete',
      requestsIdle: 1,
    },
    async *read(context) {
      const results = await readPipelines(type, context);
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

/** `deal_pipelines`; of a custom type `custom_machine_pipelines`. */
export function pipelinesName(type: ObjectType): string {
  return `${isCustom(type) ? type.name : type.singular}_pipelines`;
}

/** @throws PipelineError `SOURCE_TYPE_NOT_ACTIVATED` when the account has no such type */
export async function readPipelines(
  type: ObjectType,
  { http, settings }: Pick<DiscoverContext<Settings>, 'http' | 'settings'>,
): Promise<z.infer<typeof Pipelines>['results']> {
  const path = pathOf(settings, 'pipelines', type.id);
  try {
    return parseResponse(Pipelines, await http.json({ path }), path).results;
  } catch (error) {
    throw typeProblem(type, error);
  }
}

function whole({ id, ...fields }: z.infer<typeof Labelled>) {
  const { label = null, displayOrder = null, archived = null, createdAt = null, updatedAt = null } = fields;
  return { id, label, displayOrder, archived, createdAt, updatedAt };
}
