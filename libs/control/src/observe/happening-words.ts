/** Names in one line; the rest is a number. */
const NAMED_MAX = 3;
const RUN_ID_SHOWN = 8;

export interface SchemaEvent {
  change: string;
  databaseSchema: string;
  tables: string[];
  columns: string[];
  toType: string | null;
}

/** A change of tables as a person says it: `new column renewal_date, date, in hubspot.deals`. */
export function schemaText({ change, databaseSchema, tables, columns, toType }: SchemaEvent): string {
  const table = `${databaseSchema}.${tables[0] ?? ''}`;
  switch (change) {
    case 'create_table':
      return tables.length === 1
        ? `new table ${table}`
        : `${tables.length} new tables in ${databaseSchema}: ${few(tables)}`;
    case 'add_column':
      return columns.length === 1
        ? `new column ${columns[0]}, ${toType ?? 'of unknown type'}, in ${table}`
        : `${columns.length} new columns in ${table}: ${few(columns)}`;
    case 'widen_column':
      return columns.length === 1
        ? `column ${columns[0]} of ${table} is ${toType ?? 'wider'} now`
        : `${columns.length} columns of ${table} have a wider type now: ${few(columns)}`;
    case 'drop_not_null':
      return `${few(columns)} of ${table} may be empty now`;
    case 'change_key':
      return `the key of ${table} has changed`;
    case 'restore_view':
      return `views on ${table} were made again after its change`;
    default:
      return `${table}: ${change.replaceAll('_', ' ')}`;
  }
}

export interface CommandEvent {
  actor: string;
  action: string;
  target: string;
  times: number;
}

const COMMANDS: Record<string, (target: string) => string> = {
  'request-run': (target) => `asked for a run of ${target}`,
  'request-build': () => 'asked for a dbt build',
  'retry-run': (target) => `asked for what failed in run ${target.slice(0, RUN_ID_SHOWN)} again`,
  'cancel-run': (target) => `cancelled run ${target.slice(0, RUN_ID_SHOWN)}`,
  pause: (target) => `paused ${target}`,
  resume: (target) => `resumed ${target}`,
  'set-schedule': (target) => `changed the schedule of ${target}`,
  'set-setting': (target) => `changed the setting ${target}`,
  'set-state': (target) => `set the bookmark of ${target}`,
  'reset-state': (target) => `reset the bookmark of ${target}`,
  'refresh-stream': (target) => `asked for a full read of ${target}`,
  'backfill-stream': (target) => `asked for a backfill of ${target}`,
  'replay-rejected': () => 'retried records that were set aside',
  'discard-rejected': () => 'discarded records that were set aside',
  'replay-dead-letter': (target) => `replayed dead letter ${target}`,
  'skip-dead-letter': (target) => `skipped dead letter ${target}`,
  'discard-dead-letter': (target) => `discarded dead letter ${target}`,
  'create-connection': (target) => `added the connection ${target}`,
  'change-connection': (target) => `changed the connection ${target}`,
  'remove-connection': (target) => `removed the connection ${target}`,
  'create-token': (target) => `made the access token ${target}`,
  'revoke-token': (target) => `revoked the access token ${target}`,
};

/** A command as a person says it: `anna paused xero`. */
export function commandText({ actor, action, target, times }: CommandEvent): string {
  const subject = target.replace(/pipeline_([a-z0-9_]+?)_to_postgres\/?/g, (match, name) =>
    match.endsWith('/') ? `${name}.` : name,
  );
  const say = COMMANDS[action] ?? ((of: string) => `${action.replaceAll('-', ' ')} ${of}`);
  return `${actor} ${say(subject)}${times > 1 ? ` (${times} times)` : ''}`;
}

function few(names: string[]): string {
  if (names.length <= NAMED_MAX) return names.join(', ');
  return `${names.slice(0, NAMED_MAX).join(', ')} and ${names.length - NAMED_MAX} more`;
}
