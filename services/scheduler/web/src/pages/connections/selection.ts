import type { DescribedStream } from '../../schema.ts';

/** Streams that are read, each with the fields that are left out of it. */
export type Selected = ReadonlyMap<string, ReadonlySet<string>>;

/** Reads patterns as of config.yml: `deals`, `deals.amount`, `!deals.notes`, `*`. Null: what the tap selects by itself. */
export function selectedOf(streams: DescribedStream[], select: string[] | null): Selected {
  if (select === null) {
    return new Map(
      streams.filter(({ isSelectedByDefault }) => isSelectedByDefault).map(({ name }) => [name, new Set<string>()]),
    );
  }
  const found = new Map<string, Set<string>>();
  for (const { name, fields } of streams) {
    const wanted = new Set<string>();
    let isWhole = false;
    const without = new Set<string>();
    for (const pattern of select) {
      const isOut = pattern.startsWith('!');
      const [stream = '', field] = pattern.replace('!', '').split('.');
      if (!matches(stream, name)) continue;
      const names =
        field === undefined || field === '*'
          ? undefined
          : fields.map((each) => each.name).filter((each) => matches(field, each));
      if (isOut && names === undefined) {
        isWhole = false;
        wanted.clear();
      } else if (isOut) for (const each of names ?? []) without.add(each);
      else if (names === undefined) isWhole = true;
      else for (const each of names) wanted.add(each);
    }
    if (isWhole) found.set(name, without);
    else if (wanted.size > 0)
      found.set(
        name,
        new Set(fields.map((each) => each.name).filter((each) => !wanted.has(each) || without.has(each))),
      );
  }
  return found;
}

/** The patterns again: each stream by its name, and what is left out of it. */
export function patternsOf(selected: Selected): string[] {
  return [...selected].flatMap(([stream, without]) => [stream, ...[...without].map((field) => `!${stream}.${field}`)]);
}

/** Selects or leaves out a stream: a child comes with its parent and goes with it. */
export function toggled(selected: Selected, streams: DescribedStream[], name: string): Selected {
  const next = new Map(selected);
  const isOut = next.has(name);
  if (isOut)
    for (const each of [name, ...streams.filter(({ parent }) => parent === name).map((child) => child.name)])
      next.delete(each);
  else {
    next.set(name, new Set());
    const parent = streams.find((stream) => stream.name === name)?.parent;
    if (parent != null && !next.has(parent)) next.set(parent, new Set());
  }
  return next;
}

/** Leaves a field out, or takes it in again. */
export function toggledField(selected: Selected, stream: string, field: string): Selected {
  const without = new Set(selected.get(stream));
  if (!without.delete(field)) without.add(field);
  return new Map(selected).set(stream, without);
}

function matches(pattern: string, name: string): boolean {
  const source = pattern.split('*').map((piece) => piece.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${source.join('.*')}$`).test(name);
}
