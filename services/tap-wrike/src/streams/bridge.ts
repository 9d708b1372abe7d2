import { column, isJsonObject, type Json, type JsonObject, objectSchema } from '@pipeline/singer';
import type { Extract, StreamShape } from '@pipeline/tap-kit';
import { idOf } from '../reading/page.ts';

/** A child stream made of a list in its parent's rows: one row for each pair of parent and item. */
export interface Bridge extends StreamShape {
  /** The property with the parent's id. */
  parentKey: string;
  rowsOf: (parent: JsonObject) => JsonObject[];
}

/** Pairs of a parent and the ids that one of its fields lists. */
export function idBridge(
  name: string,
  parentKey: string,
  itemKey: string,
  idsOf: (parent: JsonObject) => Json | undefined,
): Bridge {
  return {
    name,
    keyProperties: [parentKey, itemKey],
    schema: objectSchema({ [parentKey]: column.key, [itemKey]: column.key }),
    parentKey,
    rowsOf: (parent) =>
      [...new Set(stringsIn(idsOf(parent)))].map((id) => ({ [parentKey]: idOf(parent), [itemKey]: id })),
  };
}

/** The shape alone, as a stream declares its children. */
export function shapeOf({ name, keyProperties, schema }: StreamShape): StreamShape {
  return { name, keyProperties, schema };
}

/** Records of all bridges for these parents. */
export function* bridgeRecords(bridges: readonly Bridge[], parents: readonly JsonObject[]): Generator<Extract> {
  for (const { name, rowsOf } of bridges) {
    const records = parents.flatMap(rowsOf);
    if (records.length > 0) yield { type: 'records', stream: name, records };
  }
}

/** What a read proves of the children: a full one of all, another of those whose parent it brought. */
export function* childDeletes(
  parent: string,
  children: readonly { name: string; parentKey: string }[],
  isFull: boolean,
): Generator<Extract> {
  for (const { name, parentKey } of children) {
    yield {
      type: 'deletes',
      stream: name,
      rule: isFull ? { kind: 'absent' } : { kind: 'absent-per-parent', parent, columns: { [parentKey]: 'id' } },
    };
  }
}

export function stringsIn(value: Json | undefined): string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
}

export function objectsIn(value: Json | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}
