import type { TruthStream } from '../../source-api.ts';

/** A stream of the truth, whose rows are made each time they are read. @param options.key what identifies a row; by default its id. */
export function truthStream(
  stream: string,
  rows: () => Iterable<object>,
  options: { key?: string[]; count?: number } = {},
): TruthStream {
  const { key = ['id'], count } = options;
  return { stream, key, rows: { [Symbol.iterator]: () => asRows(rows()) }, ...(count !== undefined && { count }) };
}

function* asRows(objects: Iterable<object>): Generator<Record<string, unknown>> {
  for (const object of objects) yield { ...object };
}
