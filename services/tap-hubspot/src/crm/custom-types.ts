import { PipelineError } from '@pipeline/protocol';
import type { DiscoverContext } from '@pipeline/tap-kit';
import { z } from 'zod';
import { pathOf } from '../reading/paths.ts';
import { parseResponse } from '../reading/response.ts';
import type { Settings } from '../settings.ts';
import { isCustom, type ObjectType, objectType } from './object-type.ts';
import { findType, objectTypes } from './object-types.ts';

const Schemas = z.object({
  results: z.array(
    z.object({
      objectTypeId: z.string().regex(/^2-\d+$/),
      name: z.string(),
      archived: z.boolean().nullish(),
      properties: z
        .array(z.object({ name: z.string() }))
        .nullish()
        .transform((properties) => properties ?? []),
      associations: z
        .array(z.object({ fromObjectTypeId: z.string(), toObjectTypeId: z.string() }))
        .nullish()
        .transform((associations) => associations ?? []),
    }),
  ),
});
type Schema = z.infer<typeof Schemas>['results'][number];

type AccountContext = Pick<DiscoverContext<Settings>, 'http' | 'settings'>;

/** The types that this account made for itself, by type id, and what they are associated with. An account without custom objects may not grant
 *  the scope: then it has none, and the check says why. */
export async function customTypes(context: AccountContext): Promise<ObjectType[]> {
  try {
    return await listCustomTypes(context);
  } catch (error) {
    if (error instanceof PipelineError && error.context['status'] === 403) return [];
    throw error;
  }
}

/** The same. @throws PipelineError `SOURCE_FORBIDDEN` where the scope is missing */
export async function listCustomTypes({ http, settings }: AccountContext): Promise<ObjectType[]> {
  const path = pathOf(settings, 'schemas');
  const { results } = parseResponse(Schemas, await http.json({ path }), path);
  const live = results.filter(({ archived }) => archived !== true);
  const own = live.map(customType);
  const all = [...objectTypes, ...own];
  return own.map((type, index) => ({ ...type, associatedWith: partnersOf(live[index], type, all) }));
}

function customType({ objectTypeId, name, properties }: Schema): ObjectType {
  const word = name.toLowerCase().replaceAll(/[^a-z0-9_]/g, '_');
  const scopes = ['crm.objects.custom.read', 'crm.schemas.custom.read'];
  const hasPipelines = properties.some((property) => property.name === 'hs_pipeline_stage');
  return objectType({ id: objectTypeId, name: `custom_${word}`, singular: word, scopes, hasPipelines });
}

/** A pair of two custom types is read from one side only. */
function partnersOf(schema: Schema | undefined, type: ObjectType, all: readonly ObjectType[]): string[] {
  const partners = (schema?.associations ?? []).flatMap(({ fromObjectTypeId, toObjectTypeId }) => {
    if (fromObjectTypeId === type.id) return [toObjectTypeId];
    return toObjectTypeId === type.id && !isCustom({ id: fromObjectTypeId }) ? [fromObjectTypeId] : [];
  });
  return [...new Set(partners)].filter((id) => findType(all, id) !== undefined);
}
