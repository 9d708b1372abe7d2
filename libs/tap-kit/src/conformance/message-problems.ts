import {
  isJsonObject,
  type Json,
  type JsonObject,
  type JsonSchema,
  type SchemaMessage,
  type SingerMessage,
} from '@pipeline/singer';

/** What is wrong with the messages of a complete run: their order, and records that are not what their SCHEMA says.
 *  Of each kind of problem one is told, with the stream and the field, never with a value. */
export function messageProblems(messages: SingerMessage[]): string[] {
  const schemas = new Map<string, SchemaMessage>();
  const problems = new Set<string>();
  for (const message of messages) {
    if (message.type === 'SCHEMA') {
      schemas.set(message.stream, message);
      for (const key of message.key_properties) {
        if (message.schema.properties?.[key] === undefined)
          problems.add(`${message.stream}: key ${key} is not in the SCHEMA`);
      }
    } else if (message.type === 'RECORD') {
      const schema = schemas.get(message.stream);
      if (schema === undefined) problems.add(`${message.stream}: RECORD before SCHEMA`);
      else for (const problem of recordProblems(schema, message.record)) problems.add(`${message.stream}: ${problem}`);
      if (Number.isNaN(Date.parse(message.time_extracted ?? '')))
        problems.add(`${message.stream}: RECORD without time_extracted`);
    } else if (message.type === 'ACTIVATE_VERSION') {
      if (!schemas.has(message.stream)) problems.add(`${message.stream}: ACTIVATE_VERSION before SCHEMA`);
    } else if (!isJsonObject(message.value.bookmarks)) problems.add('a STATE has no bookmarks');
  }
  const last = messages.at(-1);
  if (last?.type !== 'STATE') problems.add('the last message is no STATE');
  else if (last.value.currently_syncing !== null)
    problems.add('the last STATE still names a stream as currently_syncing');
  return [...problems];
}

function recordProblems({ schema, key_properties: keys }: SchemaMessage, record: JsonObject): string[] {
  return [
    ...keys
      .filter((key) => record[key] === undefined || record[key] === null)
      .map((key) => `a record has no key ${key}`),
    ...Object.entries(schema.properties ?? {}).flatMap(([name, column]) => {
      const value = record[name];
      return value === undefined || fits(value, column)
        ? []
        : [`${name} is not of its declared type ${[column.type].flat().join('|')}`];
    }),
  ];
}

function fits(value: Json, { type, format }: JsonSchema): boolean {
  if (type === undefined) return true;
  const types = [type].flat();
  if (typeof value === 'string' && types.includes('string')) return value === '' || hasFormat(value, format);
  return typesOf(value).some((own) => types.some((declared) => declared === own));
}

function typesOf(value: Json): string[] {
  if (value === null) return ['null'];
  if (Array.isArray(value)) return ['array'];
  if (typeof value === 'number') return Number.isInteger(value) ? ['integer', 'number'] : ['number'];
  if (isJsonObject(value)) return ['object'];
  return typeof value === 'object' ? ['number', 'integer'] : [typeof value];
}

function hasFormat(text: string, format: string | undefined): boolean {
  if (format === 'date') return /^\d{4}-\d{2}-\d{2}$/.test(text);
  if (format === 'date-time') return /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/.test(text);
  return true;
}
