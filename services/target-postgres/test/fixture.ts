import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const FOLDER = join(import.meta.dirname, 'singer');

const Row = z.record(z.string(), z.string().nullable());

/** What holds after the runs of a fixture. Values are as PostgreSQL writes them as text. */
const Expectation = z.strictObject({
  /** Settings beside the connection and the schema. */
  config: z.record(z.string(), z.json()).optional(),
  /** Statements before the first run, and between the first and the second. */
  before: z.array(z.string()).optional(),
  between: z.array(z.string()).optional(),
  /** Of each run. @default all 0 */
  exitCodes: z.array(z.int()).optional(),
  /** A pattern that the log of the last run has. */
  error: z.string().optional(),
  /** The last STATE of the last run; null when there was none. */
  state: z.json().optional(),
  stateText: z.string().optional(),
  /** All rows of a table, in any order, with the columns named in the first. An empty list: the table is there and empty. */
  tables: z.record(z.string(), z.array(Row)),
  types: z.record(z.string(), z.record(z.string(), z.string())).optional(),
  queries: z.record(z.string(), z.array(z.array(z.string().nullable()))).optional(),
  /** Of the last run, in order. */
  rejected: z
    .array(
      z.strictObject({
        stream: z.string(),
        position: z.int(),
        column_name: z.string().nullable(),
        sqlstate: z.string(),
      }),
    )
    .optional(),
  rejectedCount: z.int().optional(),
  sanitised: z.int().optional(),
});

/** One behaviour: Singer messages, and what the database holds after them. */
export interface Fixture {
  /** `values/text-empty-is-not-null`. */
  name: string;
  /** The input of each run. */
  runs: Buffer[];
  expected: z.infer<typeof Expectation>;
}

export function readFixtures(): Fixture[] {
  return globSync('*/*.json', { cwd: FOLDER })
    .sort()
    .map((file) => {
      const name = file.replace(/\.json$/, '');
      const expected = Expectation.parse(JSON.parse(readFileSync(join(FOLDER, file), 'utf8')));
      return { name, runs: [...readRuns(name)], expected };
    });
}

function* readRuns(name: string): Generator<Buffer> {
  for (let run = 1; ; run++) {
    const path = join(FOLDER, `${name}${run === 1 ? '' : `.${run}`}.singer`);
    if (!existsSync(path)) return;
    const text = readFileSync(path, 'latin1').replaceAll('{{files}}', join(FOLDER, 'protocol', 'files'));
    yield Buffer.from(text, 'latin1');
  }
}
