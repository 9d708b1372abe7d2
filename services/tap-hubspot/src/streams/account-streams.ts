import { PipelineError } from '@pipeline/protocol';
import type { DiscoverContext, Stream } from '@pipeline/tap-kit';
import { crmStream } from '../crm/crm-stream.ts';
import { customTypes } from '../crm/custom-types.ts';
import type { ObjectType } from '../crm/object-type.ts';
import { findType, objectTypes } from '../crm/object-types.ts';
import type { Settings } from '../settings.ts';
import { pipelinesOf } from './pipelines.ts';

/** Streams that only this account has: those of its custom objects, and those of types for which its settings ask for more.
 *  @throws PipelineError `CONFIG_INVALID` when the settings name a type that there is not */
export async function accountStreams(context: DiscoverContext<Settings>): Promise<Stream<Settings>[]> {
  const custom = await customTypes(context);
  const all = [...objectTypes, ...custom];
  const asked = all.map((type) => withSettings(type, all, context.settings));
  return [
    ...custom.filter(({ hasPipelines }) => hasPipelines).map(pipelinesOf),
    ...asked
      .filter((type, index) => index >= objectTypes.length || type !== all[index])
      .map((type) => crmStream(type, asked)),
  ];
}

/** The type with the associations and histories that the settings add. */
function withSettings(type: ObjectType, all: readonly ObjectType[], settings: Settings): ObjectType {
  const pairs = (settings.association_pairs ?? []).flatMap((pair) => {
    const [from = '', to = ''] = pair.split(':');
    if (known(all, from).id !== type.id) return [];
    return [known(all, to).name];
  });
  const history = settings.property_history[type.name] ?? [];
  if (pairs.length === 0 && history.length === 0) return type;
  return {
    ...type,
    associatedWith: [...new Set([...type.associatedWith, ...pairs])],
    history: [...new Set([...type.history, ...history])],
  };
}

function known(all: readonly ObjectType[], name: string): ObjectType {
  const type = findType(all, name);
  if (type !== undefined) return type;
  throw new PipelineError({
    code: 'CONFIG_INVALID',
    recovery: 'fix-config',
    message: `association_pairs names ${name}, which is no type of object of this account: name one as its stream is called, or by its type id`,
  });
}
