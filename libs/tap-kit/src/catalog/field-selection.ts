import type { FieldSelected } from './field-mask.ts';
import { type ListedStream, replicationKeyOf } from './stream-list.ts';

/** Fields of a stream as `select` lists them: names, names with `*` for any characters, and with `!` in front those that are left out. */
export type FieldList = readonly string[];

/** Always sent: a row without its key is of no use, and a tombstone must arrive as one. */
const TOMBSTONE = '_sdc_deleted_at';

/** Which fields of the stream are sent. A list of exclusions only leaves the others in; a later entry wins over an earlier one. */
export function selectFields(stream: ListedStream, list: FieldList): FieldSelected {
  const automatic = new Set([...stream.shape.keyProperties, replicationKeyOf(stream), TOMBSTONE]);
  const rules = list.map((entry) => ({ isMatch: matcher(nameOf(entry)), isWanted: !entry.startsWith('!') }));
  const isWantedByDefault = rules.every((rule) => !rule.isWanted);
  return ([, name = '', ...below]) => {
    if (below.length > 0 || automatic.has(name)) return true;
    return rules.findLast((rule) => rule.isMatch(name))?.isWanted ?? isWantedByDefault;
  };
}

/** Names in the list that the stream does not have. */
export function unknownFields({ shape }: ListedStream, list: FieldList): string[] {
  const known = shape.schema.properties ?? {};
  return list.map(nameOf).filter((name) => !name.includes('*') && known[name] === undefined);
}

function nameOf(entry: string): string {
  return entry.replace(/^!/, '');
}

function matcher(pattern: string): (name: string) => boolean {
  if (!pattern.includes('*')) return (name) => name === pattern;
  const parts = pattern.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const expression = new RegExp(`^${parts.join('.*')}$`);
  return (name) => expression.test(name);
}
