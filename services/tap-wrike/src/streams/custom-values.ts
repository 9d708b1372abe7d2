import { createHash } from 'node:crypto';
import { column, type Json, type JsonObject, objectSchema } from '@pipeline/singer';
import type { ReadContext } from '@pipeline/tap-kit';
import { getPage, idOf } from '../reading/page.ts';
import type { Fingerprint } from '../reading/read-plan.ts';
import type { Settings } from '../settings.ts';
import { type Bridge, objectsIn } from './bridge.ts';

const TTL_MS = 300_000;
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/;
const DATE = /^\d{4}-\d\d-\d\d/;

/** Types of the custom fields by id. */
export type FieldTypes = ReadonlyMap<string, string>;

/** What the account's custom fields hold. */
export async function fieldTypes({
  http,
  cached,
}: Pick<ReadContext<Settings>, 'http' | 'cached'>): Promise<FieldTypes> {
  return cached('custom field types', TTL_MS, async () => {
    const { rows } = await getPage(http, '/customfields');
    return new Map(rows.map((row) => [idOf(row), typeof row['type'] === 'string' ? row['type'] : '']));
  });
}

/** Changes when a field comes, goes or gets another type. */
export function fingerprintOf(types: FieldTypes): Fingerprint {
  const text = [...types]
    .map(([id, type]) => `${id} ${type}`)
    .sort()
    .join('\n');
  return createHash('sha256').update(text).digest('base64url').slice(0, 16);
}

/** The custom fields of tasks or folders, one row a value. The API writes every value as text: what its definition says it is stands beside
 *  it, if the text is of that form. */
export function customValueBridge(name: string, parentKey: string, types: FieldTypes): Bridge {
  return {
    name,
    keyProperties: [parentKey, 'customFieldId'],
    schema: objectSchema({
      [parentKey]: column.key,
      customFieldId: column.key,
      type: column.string,
      value: column.string,
      valueNumber: column.number,
      valueDate: column.date,
      valueBoolean: column.boolean,
      valueList: column.array,
    }),
    parentKey,
    rowsOf: (parent) => {
      const rows = new Map<string, JsonObject>();
      for (const { id, value } of objectsIn(parent['customFields'])) {
        if (typeof id !== 'string') continue;
        const type = types.get(id);
        const text = typeof value === 'string' ? value : JSON.stringify(value ?? null);
        rows.set(id, {
          [parentKey]: idOf(parent),
          customFieldId: id,
          ...(type !== undefined && { type }),
          value: text,
          ...typedValue(type, text),
        });
      }
      return [...rows.values()];
    },
  };
}

/** The value in the type of its field. Text that is not of the type stays text. */
function typedValue(type: string | undefined, text: string): JsonObject {
  switch (type) {
    case 'Numeric':
    case 'Currency':
    case 'Percentage':
    case 'Duration':
      return NUMBER.test(text) ? { valueNumber: exactNumber(text) } : {};
    case 'Date':
      return DATE.test(text) ? { valueDate: text.slice(0, 10) } : {};
    case 'Checkbox':
      return text === 'true' || text === 'false' ? { valueBoolean: text === 'true' } : {};
    case 'Contacts':
    case 'Multiple':
      return { valueList: listIn(text) };
    default:
      return {};
  }
}

function exactNumber(text: string): Json {
  const number = Number(text);
  return String(number) === text ? number : JSON.rawJSON(text);
}

/** Several values are a JSON array or parted by commas. */
function listIn(text: string): string[] {
  if (text.startsWith('[')) {
    try {
      const list: unknown = JSON.parse(text);
      if (Array.isArray(list)) return list.map((item) => (typeof item === 'string' ? item : JSON.stringify(item)));
    } catch {
      // No JSON after all: a text that begins like it.
    }
  }
  return text === '' ? [] : text.split(',').map((item) => item.trim());
}
