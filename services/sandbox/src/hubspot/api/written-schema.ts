import { PAIRS } from '../company/association-pairs.ts';
import type { Kind } from '../company/kind.ts';
import { writeDefinition } from '../company/property-definition.ts';
import { kinds } from '../kinds/all.ts';

const AT = '2023-01-02T08:00:00.000Z';

/** A custom object as `GET /crm-object-schemas/2026-09/schemas` writes it. */
export function writeSchema(kind: Kind): Record<string, unknown> {
  const { typeId, name, aliases = [], properties } = kind;
  const primary = properties.find(({ custom }) => custom)?.name ?? properties.at(-1)?.name;
  return {
    id: typeId.slice(2),
    objectTypeId: typeId,
    fullyQualifiedName: aliases[0] ?? name,
    name,
    labels: { singular: name, plural: `${name}s` },
    metaType: 'PORTAL_SPECIFIC',
    archived: false,
    primaryDisplayProperty: primary,
    secondaryDisplayProperties: [],
    requiredProperties: [],
    searchableProperties: [],
    createdAt: AT,
    updatedAt: AT,
    associations: PAIRS.filter(({ from, to }) => from === name || to === name).map(({ from, to, unlabelled }) => ({
      id: String(unlabelled[0]),
      name: `${from}_to_${to}`,
      fromObjectTypeId: kinds.get(from)?.typeId,
      toObjectTypeId: kinds.get(to)?.typeId,
      cardinality: 'ONE_TO_MANY',
      inverseCardinality: 'ONE_TO_MANY',
    })),
    properties: properties.map((definition, order) => writeDefinition(definition, name, order)),
  };
}
