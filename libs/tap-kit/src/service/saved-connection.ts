import { connectionSecretName, decrypt, type EncryptionKey, type StoredConnection } from '@pipeline/control';
import { PipelineError } from '@pipeline/protocol';
import { z } from 'zod';
import { parseSelect } from '../catalog/select-patterns.ts';
import type { SelectEntry } from '../catalog/selection.ts';
import type { Tap } from '../declaration.ts';
import { parseSettings } from '../settings/settings.ts';
import type { Environment } from './environment.ts';

/** A connection as it is opened. */
export interface ConnectionSettings<Settings> {
  settings: Settings;
  select: readonly SelectEntry[] | undefined;
  /** For the log's redaction. */
  secrets: string[];
}

const Secrets = z.record(z.string(), z.string());

/** The settings of a connection: what is saved, its secrets opened, and over it what variables set if it is the environment's.
 *  @throws PipelineError `CONFIG_INVALID`, `CREDENTIALS_UNREADABLE`, `CREDENTIALS_KEY_MISSING` */
export function settingsOfConnection<Settings>(
  tap: Pick<Tap<Settings>, 'settings'>,
  row: Pick<StoredConnection, 'name' | 'source' | 'settings' | 'sealed' | 'selection'>,
  { key, environment }: { key: EncryptionKey | undefined; environment: Environment },
): ConnectionSettings<Settings> {
  const saved = openSecrets(row, key);
  const isEnvironment = row.name === row.source;
  const values = { ...row.settings, ...saved, ...(isEnvironment ? environment.values : {}) };
  const nameOf = (setting: string): string => {
    const variables = isEnvironment ? environment.file.variables.get(setting) : undefined;
    return variables?.join(' or ') ?? setting;
  };
  const { select } = row.selection;
  return {
    settings: parseSettings(tap.settings, values, nameOf),
    select: select === null ? undefined : parseSelect(select),
    secrets: Object.values(saved),
  };
}

function openSecrets(
  { name, sealed }: Pick<StoredConnection, 'name' | 'sealed'>,
  key: EncryptionKey | undefined,
): Record<string, string> {
  if (sealed === null) return {};
  return decryptSecrets(needKey(key), connectionSecretName(name), sealed);
}

/** JSON of setting to secret, as the page has saved it. @throws PipelineError `CREDENTIALS_UNREADABLE` */
function decryptSecrets(key: EncryptionKey, name: string, sealed: Buffer): Record<string, string> {
  return Secrets.parse(JSON.parse(decrypt(key, name, sealed)));
}

/** @throws PipelineError `CREDENTIALS_KEY_MISSING` */
export function needKey(key: EncryptionKey | undefined): EncryptionKey {
  if (key !== undefined) return key;
  throw new PipelineError({
    code: 'CREDENTIALS_KEY_MISSING',
    recovery: 'fix-config',
    message:
      'secrets and rotating tokens are kept in the database, encrypted: set CREDENTIALS_KEY, made with `openssl rand -hex 32`',
  });
}
