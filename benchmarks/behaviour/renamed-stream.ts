import type { Fixture } from '../../services/target-postgres/test/fixture.ts';

/** Most cases call their stream `s`, which is also what PipelineWise calls its target in an UPDATE: it would fail nearly all of them for that alone. */
const NAME = 'items';

/** The case with another name for that stream, in messages, settings, statements and tables. */
export function withRenamedStream({ name, runs, expected }: Fixture): Fixture {
  const { config, before, between, tables, queries } = expected;
  return {
    name,
    runs: runs.map((input) =>
      Buffer.from(input.toString('latin1').replaceAll(/("stream": ?)"s"/g, `$1"${NAME}"`), 'latin1'),
    ),
    expected: {
      ...expected,
      config: config && JSON.parse(JSON.stringify(config).replaceAll('"s":', `"${NAME}":`)),
      before: before?.map(renamedIn),
      between: between?.map(renamedIn),
      tables: renamedKeys(tables),
      queries: queries && renamedKeys(queries),
    },
  };
}

function renamedKeys<Value>(record: Record<string, Value>): Record<string, Value> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [renamedIn(key), value]));
}

/** The table, and what PostgreSQL names after it. */
function renamedIn(sql: string): string {
  return sql.replaceAll(/\bs(?=\b|_pkey\b|_\w+_(?:key|idx|fkey|check)\b)/g, NAME);
}
