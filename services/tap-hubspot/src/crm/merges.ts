import { column, objectSchema } from '@pipeline/singer';
import type { Children } from './children.ts';
import { mergedIds } from './crm-object.ts';
import type { ObjectType } from './object-type.ts';

/** Which objects were merged into which: `id` is the one that is left. Read from the objects themselves. */
export function mergesOf({ name }: ObjectType): Children {
  return {
    shape: {
      name: `${name}_merges`,
      keyProperties: ['id', 'merged_id'],
      schema: objectSchema({ id: column.key, merged_id: column.key }),
    },
    parentKey: { id: 'id' },
    isSwept: false,
    calls: () => 0,
    read: (_access, parents) =>
      Promise.resolve({
        rows: parents.flatMap((object) => mergedIds(object).map((merged_id) => ({ id: object.id, merged_id }))),
        faulty: [],
      }),
  };
}
