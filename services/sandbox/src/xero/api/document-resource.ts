import { documentId } from '../company/documents.ts';
import { type Documents, GONE } from '../kinds/kind.ts';
import { type Field, type Resource, rowWhere, type Writing } from './resource.ts';
import { Day, Instant, type Tree, toApi } from './tree.ts';
import type { Comparable } from './where.ts';

/** The endpoint of a kind. */
export function documentResource(documents: Documents): Resource<Tree> {
  const { kind, collection } = documents;
  const { numberField, keyOf, hidden } = kind;
  return {
    name: kind.name,
    typeName: kind.typeName,
    idField: kind.idField,
    collection,
    scopes: kind.scopes,
    paging: kind.paging,
    isPagingEnforced: kind.name === 'PurchaseOrders',
    hasModifiedSince: kind.hasModifiedSince,
    parameters: [...kind.parameters, ...(hidden === undefined ? [] : [hidden.unless])],
    isGone: (tree) => tree[GONE] === true,
    fields: fieldsOf(documents),
    listFilters: kind.parameters.includes('IDs') ? { IDs: kind.idField } : {},
    ...(hidden === undefined ? {} : { hidden }),
    ...(numberField === undefined && keyOf === undefined
      ? {}
      : {
          rowOfNumber: (number) =>
            rowWhere(
              collection,
              (tree) => keyOf?.(tree) === number || (numberField !== undefined && tree[numberField] === number),
            ),
        }),
    write: (row, writing) => writeDocument(documents, row, writing),
  };
}

function writeDocument(documents: Documents, row: number, writing: Writing): Tree {
  const { kind, collection } = documents;
  const { [GONE]: _gone, ...tree } = collection.get(row);
  const { updated } = kind;
  const at = updated && { [updated.field]: new Instant(collection.updatedAt(row), updated.hasTwin) };
  const lines = writing.hasLines || tree['LineItems'] === undefined ? {} : { LineItems: [] };
  const listed = writing.isSingle ? {} : kind.onlySingle;
  const whole = { [kind.idField]: documentId(documents, row), ...tree, ...lines, ...listed, ...at };
  return toApi(whole, writing.unitPlaces);
}

/** Every plain property may be filtered and ordered by, and the contact. */
function fieldsOf({ kind, collection }: Documents): Record<string, Field<Tree>> {
  const names = collection.count === 0 ? [] : Object.keys(collection.get(0));
  const plain = names.map((name): [string, Field<Tree>] => [name, { read: (tree) => comparable(tree[name]) }]);
  const contact = (property: string): Field<Tree> => ({
    read: (tree) => comparable((tree['Contact'] as Tree | undefined)?.[property]),
    isOptimised: true,
  });
  const nested: [string, Field<Tree>][] =
    kind.references?.['Contact'] === undefined
      ? []
      : [
          ['Contact.ContactID', contact('ContactID')],
          ['Contact.Name', contact('Name')],
        ];
  return Object.fromEntries([...plain, ...nested]);
}

function comparable(value: unknown): Comparable {
  if (value instanceof Day || value instanceof Instant) return value.at;
  if (JSON.isRawJSON(value)) return Number((value as { rawJSON: string }).rawJSON);
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : undefined;
}
