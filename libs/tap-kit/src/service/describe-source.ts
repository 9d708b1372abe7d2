import {
  type DescribedStream,
  type SettingField,
  type SourceDescription,
  WebhookSignature,
} from '@pipeline/protocol/api';
import type { JsonSchema } from '@pipeline/singer';
import { listStreams } from '../catalog/stream-list.ts';
import type { Tap } from '../declaration.ts';
import type { ConfigFile } from '../settings/config-file.ts';
import { isSecret } from '../settings/environment-settings.ts';
import { type Setting, settingsOf } from '../settings/settings.ts';

const DAY_MS = 86_400_000;

/** What a tap says of itself for the page: settings, streams, how an account is connected.
 *  @param settings of a connection, as far as there is one: addresses and daily limits may depend on it */
export function describeSource<Settings>(
  tap: Tap<Settings>,
  { version, file, settings }: { version: string; file: ConfigFile; settings: Settings | undefined },
): SourceDescription {
  const consent = tap.consent?.(settings ?? {});
  const limits = settings === undefined ? [] : tap.http(settings).limits;
  return {
    source: tap.source,
    label: tap.label ?? title(tap.source),
    version,
    settings: settingsOf(tap.settings).map((setting) => fieldOf(setting, file)),
    tokenHelp: tap.tokenHelp ?? null,
    consent: consent === undefined ? null : { scopeSeparator: ' ', parameters: {}, ...consent },
    requestsPerDay: limits.find(({ perMs }) => perMs === DAY_MS)?.requests ?? null,
    spreadsRequests: tap.spreadsRequests ?? false,
    webhooks: tap.webhooks === undefined ? null : WebhookSignature.parse(tap.webhooks),
    streams: listStreams(tap).map(streamOf),
  };
}

function fieldOf(setting: Setting, file: ConfigFile): SettingField {
  const { name, description, isRequired } = setting;
  const { default: value } = setting;
  const isPlain = value === null || ['string', 'number', 'boolean'].includes(typeof value);
  return {
    ...{ name, description, isRequired, label: title(name), type: typeOf(setting) },
    isSecret: isSecret(name, setting),
    ...(isPlain ? { default: value as string | number | boolean | null } : {}),
    variable: file.variables.get(name)?.[0] ?? null,
  };
}

const TYPES: Record<string, SettingField['type']> = {
  ...{ string: 'text', integer: 'number', number: 'number', boolean: 'flag', array: 'list' },
};

function typeOf({ name, type = 'string' }: Setting): SettingField['type'] {
  return /(^|_)date$/.test(name) ? 'date' : (TYPES[type] ?? 'text');
}

function title(name: string): string {
  const words = name.replaceAll('_', ' ');
  return words.slice(0, 1).toUpperCase() + words.slice(1);
}

function streamOf({
  shape,
  root,
  replication,
  isDefault,
  about,
}: ReturnType<typeof listStreams>[number]): DescribedStream {
  return {
    name: shape.name,
    parent: root === shape.name ? null : root,
    isSelectedByDefault: isDefault,
    replicationKey: replication.method === 'INCREMENTAL' ? replication.key : null,
    keyProperties: shape.keyProperties,
    fields: Object.entries(shape.schema.properties ?? {}).map(([name, column]) => ({ name, type: columnType(column) })),
    endpoint: about?.endpoint ?? null,
    scopes: about?.scopes ?? [],
    deletes: about?.deletes ?? null,
    requestsIdle: about?.requestsIdle ?? null,
  };
}

function columnType({ type, format }: JsonSchema): string {
  const [own = 'any'] = [type ?? []].flat().filter((name) => name !== 'null');
  return format ?? own;
}
