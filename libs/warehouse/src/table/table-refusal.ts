import { sqlstate } from '@pipeline/postgres';
import { errorMessage, PipelineError } from '@pipeline/protocol';

interface Place {
  databaseSchema: string;
  stream: string;
  table: string;
}

/** A table that the stream cannot be written to as it is: nothing of it is changed. */
export function tableRefused(
  { databaseSchema, stream, table }: Place,
  what: string,
  column: string | null = null,
): PipelineError {
  return new PipelineError({
    code: 'TABLE_REFUSED',
    recovery: 'fix-config',
    message: `stream ${stream}, table ${databaseSchema}.${table}: ${what}`,
    context: { stream, table: `${databaseSchema}.${table}`, column },
  });
}

/** The encoding of the database lacks a character of a name. */
const UNTRANSLATABLE = '22P05';

/** What to do, by SQLSTATE or its class. PostgreSQL's own text names the object in the way, and no value. */
const REMEDIES: [code: string, remedy: string][] = [
  [
    '42501',
    'make the role the owner of it, or grant it what is missing (with row level security: a policy that lets it write)',
  ],
  ['42809', 'rename the other object, or give the stream another table by the settings of its name or schema'],
  ['42P07', 'rename the other object, or give the stream another table by the settings of its name or schema'],
  ['428C9', 'let the stream have a column of another name, or make it an ordinary column'],
  ['23505', 'remove the duplicate rows, so that the key of the stream is unique in the table'],
  ['0A000', 'drop the object that stands in the way, let the stream load, and create it again'],
  ['2BP01', 'drop the object that depends on it, let the stream load, and create it again'],
  ['55000', 'give the table a replica identity (or take it out of the publication)'],
  ['55006', 'close what uses the table, and run it again'],
  ['25006', 'connect to the primary server'],
  [
    '57014',
    'it takes longer than statements may: change the column by hand when nobody waits, with the statement of pipeline.schema_changes in mind',
  ],
  [
    UNTRANSLATABLE,
    'use a database with the encoding UTF8, or give the stream and its properties names that this one can hold',
  ],
  ['42', 'see what the table, its columns or its rules have that the stream does not expect'],
  ['23', 'correct the rows of the table that are in the way'],
  ['22', 'correct the rows of the table that are in the way'],
];

/** Whether PostgreSQL cannot even look for a name, because its encoding lacks a character of it. */
export function isNameUnknowable(error: unknown): boolean {
  return sqlstate(error) === UNTRANSLATABLE;
}

/** Says of PostgreSQL's refusal of a whole table which stream, table and object it is about and what to do. Other errors stay as they are. */
export function explainRefusal(error: unknown, place: Place): unknown {
  if (error instanceof PipelineError) return error;
  const state = sqlstate(error);
  const remedy = REMEDIES.find(([code]) => state?.startsWith(code))?.[1];
  if (state === undefined || remedy === undefined) return error;
  const { table, column, constraint, detail } = detailsOf(error);
  const object = [
    table && `table ${table}`,
    column && `column ${column}`,
    constraint && `constraint ${constraint}`,
  ].filter(Boolean);
  // The detail of an integrity error quotes the row.
  const more = detail !== undefined && !/^2[23]/.test(state) ? ` (${detail})` : '';
  const isAboutRows = /^2[23]/.test(state) && state !== UNTRANSLATABLE;
  const refused = tableRefused(
    place,
    `PostgreSQL refuses (SQLSTATE ${state}): ${isAboutRows ? 'the rows that it has do not allow the change' : errorMessage(error)}${more}` +
      `${object.length > 0 ? ` [${object.join(', ')}]` : ''}: ${remedy}`,
    column ?? null,
  );
  refused.cause = error;
  return refused;
}

function detailsOf(error: unknown): Partial<Record<'table' | 'column' | 'constraint' | 'detail', string>> {
  if (typeof error !== 'object' || error === null) return {};
  const text = (name: string) => {
    const value: unknown = Object.getOwnPropertyDescriptor(error, name)?.value;
    return typeof value === 'string' ? { [name]: value } : {};
  };
  return { ...text('table'), ...text('column'), ...text('constraint'), ...text('detail') };
}
