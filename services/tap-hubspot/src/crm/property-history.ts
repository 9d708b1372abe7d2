import { column, type JsonObject, objectSchema } from '@pipeline/singer';
import { inParallel, partsOf } from '@pipeline/tap-kit';
import type { Children } from './children.ts';
import type { CrmObject } from './crm-object.ts';
import { idColumn, type ObjectType } from './object-type.ts';
import { readObjects } from './pages.ts';
import { textOf } from './property-value.ts';

/** As documented for requests with `propertiesWithHistory`. */
const HISTORY_BATCH_MAX = 50;

/** Every value that these properties of an object had, with the time from which it held. HubSpot keeps the last twenty or so: earlier ones that
 *  were read once stay in the table as deleted rows. */
export function propertyHistoryOf(type: ObjectType, properties: readonly string[]): Children {
  const id = idColumn(type);
  return {
    shape: {
      name: `${type.name}_property_history`,
      keyProperties: [id, 'property', 'timestamp'],
      schema: objectSchema({
        [id]: column.key,
        property: column.key,
        timestamp: { type: ['string'], format: 'date-time' },
        value: column.string,
        source_type: column.string,
        source_id: column.string,
      }),
    },
    parentKey: { [id]: 'id' },
    isSwept: false,
    calls: (parents) => Math.ceil(parents / HISTORY_BATCH_MAX),
    read: async (access, parents) => {
      const ids = parents.filter(({ archived }) => !archived).map((parent) => parent.id);
      const options = { properties: ['hs_object_id'], withHistory: properties };
      const reads = await inParallel(partsOf(ids, HISTORY_BATCH_MAX), (part) =>
        readObjects({ ...access, typeId: type.id }, part, options),
      );
      return {
        rows: reads.flatMap(({ objects }) => objects.flatMap((object) => historyRows(object, id))),
        faulty: reads.flatMap(({ faulty }) => faulty),
      };
    },
  };
}

function historyRows(object: CrmObject, id: string): JsonObject[] {
  return Object.entries(object.propertiesWithHistory ?? {}).flatMap(([property, entries]) =>
    entries.map(({ value, timestamp, sourceType = null, sourceId = null }) => ({
      [id]: object.id,
      property,
      timestamp,
      value: textOf(value),
      source_type: sourceType,
      source_id: sourceId,
    })),
  );
}
