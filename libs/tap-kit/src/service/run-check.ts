import { decrypt, type EncryptionKey, readRequestedCheck, saveCheck, trialSecretName } from '@pipeline/control';
import type { Pool } from '@pipeline/postgres';
import { pipelineName } from '@pipeline/protocol';
import type { Check } from '@pipeline/protocol/api';
import { z } from 'zod';
import { openSource, type Signals } from '../connection/source.ts';
import type { Tap } from '../declaration.ts';
import { parseSettings } from '../settings/settings.ts';
import { checkAccount, failedCheck } from './check-account.ts';
import type { Connections } from './connections.ts';
import type { OpenDeps } from './live-connection.ts';
import { type ConnectionSettings, needKey } from './saved-connection.ts';

export interface CheckDeps<Settings> {
  tap: Tap<Settings>;
  pool: Pool;
  key: EncryptionKey | undefined;
  connections: Pick<Connections<Settings>, 'ofPipeline'>;
  openDeps: (name: string, settings: ConnectionSettings<Settings>) => OpenDeps;
  signals: Signals;
}

const Trial = z.object({
  settings: z.record(z.string(), z.unknown()),
  secrets: z.record(z.string(), z.string()),
});

/** Looks at an account because somebody asked: at a connection, or at settings that are not saved yet. What is wrong is the result. */
export async function runCheck<Settings>(checkId: string, deps: CheckDeps<Settings>): Promise<void> {
  const { pool, signals } = deps;
  const asked = await readRequestedCheck(pool, checkId);
  if (asked === undefined) return;
  const { connection, trial } = asked;
  const look = trial === null ? checkConnection(connection ?? '', deps) : checkTrial(checkId, trial.sealed, deps);
  const result = await look.catch(failedCheck);
  if (!signals.stop.aborted) await saveCheck(pool, checkId, result);
}

async function checkConnection<Settings>(name: string, deps: CheckDeps<Settings>): Promise<Check> {
  const connection = await deps.connections.ofPipeline(pipelineName(name));
  const leave = connection.enter();
  try {
    return await checkAccount(deps.tap, { ...connection, signals: deps.signals });
  } finally {
    leave();
  }
}

async function checkTrial<Settings>(checkId: string, sealed: Buffer, deps: CheckDeps<Settings>): Promise<Check> {
  const { tap, key, signals } = deps;
  const values = Trial.parse(JSON.parse(decrypt(needKey(key), trialSecretName(checkId), sealed)));
  const settings = parseSettings(tap.settings, { ...values.settings, ...values.secrets });
  const opened = { settings, select: undefined, secrets: Object.values(values.secrets) };
  const source = openSource(tap, settings, deps.openDeps(`${tap.source}/check`, opened));
  try {
    return await checkAccount(tap, { source, settings, signals });
  } finally {
    source.close();
  }
}
