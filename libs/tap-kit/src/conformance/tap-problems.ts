import { SourceName, StreamName } from '@pipeline/protocol';
import { WebhookSignature } from '@pipeline/protocol/api';
import type { JsonSchema } from '@pipeline/singer';
import { listStreams } from '../catalog/stream-list.ts';
import type { StreamShape, Tap } from '../declaration.ts';
import type { ConfigFile } from '../settings/config-file.ts';
import { settingsOf } from '../settings/settings.ts';

/** What is wrong with a declaration and its `config.yml`, in words for whoever wrote them. Needs neither source nor credentials. */
export function tapProblems<Settings>(tap: Tap<Settings>, file: ConfigFile): string[] {
  const shapes = listStreams(tap).map(({ shape }) => shape);
  const names = shapes.map((shape) => shape.name);
  return [
    ...(SourceName.safeParse(tap.source).success ? [] : [`source ${tap.source}: no legal name`]),
    ...(tap.streams.length === 0 ? ['there is no stream'] : []),
    ...names
      .filter((name, index) => names.indexOf(name) !== index)
      .map((name) => `stream ${name}: there are two of this name`),
    ...shapes.flatMap(shapeProblems),
    ...tap.streams.flatMap(replicationProblems),
    ...settingProblems(tap, file),
    ...webhookProblems(tap),
    ...(file.select ?? [])
      .filter(({ stream }) => !names.includes(stream))
      .map(({ stream }) => `config.yml selects ${stream}: no such stream`),
  ];
}

function shapeProblems({ name, keyProperties, schema }: StreamShape): string[] {
  const properties = schema.properties ?? {};
  const problems = [
    ...(StreamName.safeParse(name).success ? [] : ['no legal name']),
    ...(isOnly(schema, 'object') ? [] : ['the schema is not of type object']),
    ...keyProperties.flatMap((key) => keyProblems(key, properties[key])),
    ...Object.entries(properties)
      .filter(([property, column]) => !keyProperties.includes(property) && !isNullable(column))
      .map(([property]) => `${property} is no key and not nullable: sources leave fields out`),
    ...(JSON.stringify(schema).includes('"$ref"') ? ['the schema has a $ref that is not resolved'] : []),
  ];
  return problems.map((problem) => `stream ${name}: ${problem}`);
}

function keyProblems(key: string, column: JsonSchema | undefined): string[] {
  if (column === undefined) return [`its key ${key} is not in the schema`];
  return isNullable(column) ? [`its key ${key} is nullable`] : [];
}

function isNullable({ type }: JsonSchema): boolean {
  return type === undefined || [type].flat().includes('null');
}

function isOnly({ type }: JsonSchema, wanted: string): boolean {
  return type !== undefined && [type].flat().join() === wanted;
}

function replicationProblems(stream: Pick<Tap<never>['streams'][number], 'name' | 'replication'>): string[] {
  const { replication, name } = stream;
  if (replication.method === 'FULL_TABLE' || replication.key !== '') return [];
  return [`stream ${name}: an incremental stream names its replication key`];
}

function settingProblems<Settings>(tap: Pick<Tap<Settings>, 'settings'>, file: ConfigFile): string[] {
  const settings = settingsOf(tap.settings);
  const names = settings.map((setting) => setting.name);
  return [
    ...names.filter((name) => !/^[a-z][a-z0-9_]*$/.test(name)).map((name) => `setting ${name}: not in snake_case`),
    ...settings
      .filter((setting) => setting.description === '')
      .map(({ name }) => `setting ${name}: has no description`),
    ...settings
      .filter(({ name, isRequired }) => isRequired && !file.variables.has(name))
      .map(({ name }) => `setting ${name}: is required, but config.yml names no variable for it`),
    ...[...file.variables.keys()]
      .filter((name) => !names.includes(name))
      .map((name) => `config.yml feeds ${name}: no such setting`),
  ];
}

function webhookProblems({ webhooks }: Pick<Tap<never>, 'webhooks'>): string[] {
  const { error } = WebhookSignature.optional().safeParse(webhooks);
  return (error?.issues ?? []).map(({ path, message }) => `webhooks ${path.join('.')}: ${message}`);
}
