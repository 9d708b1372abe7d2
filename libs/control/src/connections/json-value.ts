/** A value as JSON spells it. */
export type JsonValue = string | number | boolean | null | JsonValue[] | { [name: string]: JsonValue };
