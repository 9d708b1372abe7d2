import { column, isJsonObject, type JsonObject, type JsonSchema, objectSchema } from '@pipeline/singer';
import type { StreamShape } from '@pipeline/tap-kit';
import { addTo, type RecordForm, type References } from './record.ts';

/** A list inside an object that becomes a table of its own: replaced together with the object. */
export interface ChildTable {
  shape: StreamShape;
  /** Column of the child by column of its parent. */
  parentColumns: Record<string, string>;
  /** @param parent the parent's record: it has the key
   *  @param object the parent as Xero sent it */
  rowsOf: (parent: JsonObject, object: JsonObject) => JsonObject[];
}

export interface ChildForm {
  stream: string;
  /** `LineItems` */
  property: string;
  /** The parent's id, and the column of the child that holds it. @default the same name */
  parentId: string;
  parentColumn?: string;
  /** Properties that identify a row within its parent. Undefined: Xero has none, so its place in the list does (`LineNumber`, from 1). */
  ids?: string[];
  columns: Record<string, JsonSchema>;
  references?: References;
  /** One item of the list as several rows. */
  spread?: (item: JsonObject) => JsonObject[];
}

/** The table of a list. Where an id is missing although it should be there, the place in the list stands in for it: a row without a key would be lost. */
export function childTable(form: ChildForm): ChildTable {
  const { stream, property, parentId, parentColumn = parentId, ids = ['LineNumber'] } = form;
  const recordForm: RecordForm = form.references === undefined ? {} : { references: form.references };
  const keys = Object.fromEntries(ids.map((id) => [id, id === 'LineNumber' ? { type: ['integer'] } : column.key]));
  return {
    shape: {
      name: stream,
      keyProperties: ['TenantID', parentColumn, ...ids],
      schema: objectSchema({
        TenantID: column.key,
        [parentColumn]: column.key,
        LineNumber: column.integer,
        ...form.columns,
        ...(keys as Record<string, JsonSchema>),
      }),
    },
    parentColumns: { TenantID: 'TenantID', [parentColumn]: parentId },
    rowsOf: (parent, object) => {
      const rows: JsonObject[] = [];
      for (const item of itemsOf(object[property], form.spread)) {
        const own: JsonObject = { TenantID: parent['TenantID'], [parentColumn]: parent[parentId] };
        own['LineNumber'] = rows.length + 1;
        rows.push(withIds(addTo(own, item, recordForm), ids));
      }
      return rows;
    },
  };
}

/** The tracking of lines: a table below the table of lines. */
export function trackingTable(
  lines: ChildTable,
  form: { stream: string; property: string; parentId: string },
): ChildTable {
  const owner = lines.shape.keyProperties;
  return {
    shape: {
      name: form.stream,
      keyProperties: [...owner, 'TrackingCategoryID'],
      schema: objectSchema({
        ...Object.fromEntries(owner.map((name) => [name, lines.shape.schema.properties?.[name] ?? column.key])),
        TrackingCategoryID: column.key,
        TrackingOptionID: column.string,
        Name: column.string,
        Option: column.string,
      }),
    },
    parentColumns: { TenantID: 'TenantID', [form.parentId]: form.parentId },
    rowsOf: (parent, object) =>
      lines.rowsOf(parent, object).flatMap((line) =>
        itemsOf(line[form.property]).map((option) => {
          const row: JsonObject = {};
          for (const name of owner) row[name] = line[name];
          return withIds(addTo(row, option), ['TrackingCategoryID']);
        }),
      ),
  };
}

function itemsOf(list: unknown, spread?: (item: JsonObject) => JsonObject[]): JsonObject[] {
  if (!Array.isArray(list)) return [];
  const items = list.filter((item) => isJsonObject(item));
  return spread === undefined ? items : items.flatMap(spread);
}

function withIds(row: JsonObject, ids: readonly string[]): JsonObject {
  for (const id of ids) row[id] ??= `line ${String(row['LineNumber'] ?? '')}`.trim();
  return row;
}
