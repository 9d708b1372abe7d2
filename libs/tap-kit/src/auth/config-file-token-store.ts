import { open, readFile, rename, rm, stat } from 'node:fs/promises';
import { errorCode, PipelineError } from '@pipeline/protocol';
import { isJsonObject, type JsonObject, parseJson } from '@pipeline/singer';
import type { Timing } from '../http/timing.ts';
import { StoredTokens, type TokenStore } from './token-store.ts';

/** The key of a Singer `config.json` under which the runtime keeps rotating tokens. It is no setting of the tap. */
export const TOKENS_KEY = 'oauth_credentials';

/** Longest wait for another process that refreshes. */
const LOCK_WAIT_MS = 20_000;
const LOCK_POLL_MS = 50;
/** A lock this old was left by a process that died: nobody holds it longer than one request to a token endpoint. */
const LOCK_STALE_MS = 60_000;

/** Keeps tokens in the tap's config file, as the Singer specification asks: the file is replaced in one step, so that a crash
 *  leaves either the old tokens or the new ones, and a lock file beside it lets one process refresh at a time. */
export function configFileTokenStore(path: string, timing: Timing): TokenStore {
  return {
    exclusively: async (work) => {
      const unlock = await lock(`${path}.lock`, timing);
      try {
        const config = await readConfig(path);
        const stored = StoredTokens.safeParse(config[TOKENS_KEY]).data;
        const tokens = await work(stored);
        if (tokens !== stored) await replaceConfig(path, { ...config, [TOKENS_KEY]: tokens });
        return tokens;
      } finally {
        await unlock();
      }
    },
  };
}

async function readConfig(path: string): Promise<JsonObject> {
  const config = parseJson(await readFile(path, 'utf8'));
  if (isJsonObject(config)) return config;
  throw new PipelineError({
    code: 'CONFIG_INVALID',
    recovery: 'fix-config',
    message: `${path} is not a JSON object`,
  });
}

/** Replaces the file in one step: a crash leaves the old one or the new one. */
export async function replaceConfig(path: string, config: JsonObject): Promise<void> {
  const { mode } = await stat(path);
  const draft = `${path}.${process.pid}.new`;
  const file = await open(draft, 'w', mode);
  try {
    await file.writeFile(`${JSON.stringify(config, undefined, 2)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(draft, path);
}

async function lock(path: string, timing: Timing): Promise<() => Promise<void>> {
  const deadline = timing.now() + LOCK_WAIT_MS;
  for (;;) {
    try {
      const file = await open(path, 'wx');
      await file.close();
      return () => rm(path, { force: true });
    } catch (error) {
      if (errorCode(error) !== 'EEXIST') throw error;
    }
    if (await isStale(path)) await rm(path, { force: true });
    else if (timing.now() > deadline) throw lockError(path);
    else await timing.sleep(LOCK_POLL_MS);
  }
}

async function isStale(path: string): Promise<boolean> {
  const age = await stat(path).then(
    (found) => Date.now() - found.mtimeMs,
    () => 0,
  );
  return age > LOCK_STALE_MS;
}

function lockError(path: string): PipelineError {
  return new PipelineError({
    code: 'CREDENTIALS_LOCKED',
    recovery: 'retry',
    message: `another process has been refreshing the token for ${LOCK_WAIT_MS / 1000} s: if there is none, remove ${path}`,
  });
}
