/** Types of values as the properties API names them. */
export type PropertyType =
  | 'string'
  | 'number'
  | 'date'
  | 'datetime'
  | 'enumeration'
  | 'bool'
  | 'phone_number'
  | 'json'
  | 'object_coordinates';

export interface PropertyDefinition {
  name: string;
  type: PropertyType;
  /** Worked out by HubSpot: read only. */
  calculated: boolean;
  /** Made by the account rather than by HubSpot. */
  custom: boolean;
  options: readonly string[];
  /** Sensitive ones are listed only when they are asked for, and their values need a scope of their own. */
  sensitivity: 'non_sensitive' | 'sensitive' | 'highly_sensitive';
}

type Extras = Partial<Pick<PropertyDefinition, 'calculated' | 'custom' | 'options' | 'sensitivity'>>;

export function property(name: string, type: PropertyType, extras: Extras = {}): PropertyDefinition {
  return { name, type, calculated: false, custom: false, options: [], sensitivity: 'non_sensitive', ...extras };
}

const FIELD_TYPES = {
  string: 'text',
  number: 'number',
  date: 'date',
  datetime: 'date',
  enumeration: 'select',
  bool: 'booleancheckbox',
  phone_number: 'phonenumber',
  json: 'text',
  object_coordinates: 'text',
} satisfies Record<PropertyType, string>;

/** A definition as `GET /crm/v3/properties/{type}` writes it. */
export function writeDefinition(
  definition: PropertyDefinition,
  group: string,
  displayOrder: number,
): Record<string, unknown> & { name: string } {
  const { name, type, calculated, custom, options, sensitivity } = definition;
  return {
    updatedAt: '2023-01-02T08:00:00.000Z',
    createdAt: '2023-01-02T08:00:00.000Z',
    name,
    label: labelOf(name),
    type,
    fieldType: calculated ? 'calculation_equation' : FIELD_TYPES[type],
    description: '',
    groupName: `${group}information`,
    options: options.map((value, order) => ({ label: labelOf(value), value, displayOrder: order, hidden: false })),
    displayOrder,
    calculated,
    externalOptions: false,
    hasUniqueValue: name === 'hs_object_id',
    hidden: false,
    hubspotDefined: !custom,
    archived: false,
    modificationMetadata: { archivable: custom, readOnlyDefinition: !custom, readOnlyValue: calculated },
    formField: false,
    ...(sensitivity !== 'non_sensitive' && { dataSensitivity: sensitivity }),
  };
}

function labelOf(name: string): string {
  const words = name.replace(/^hs_/, '').replaceAll('_', ' ').toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
