import { decrypt, type EncryptionKey, encrypt, lockCredential, storeCredential } from '@pipeline/control';
import { inTransaction, type Pool, type PoolClient } from '@pipeline/postgres';
import { failpoint } from '@pipeline/probe';
import { StoredTokens, type TokenStore } from './token-store.ts';

/** Longest wait for a replica that refreshes: longer than one request to a token endpoint. */
const LOCK_TIMEOUT = '20s';

/** Keeps tokens in `pipeline.credentials`, encrypted. The row's lock lets one replica refresh at a time, and the new tokens
 *  are committed before anybody uses them. */
export function databaseTokenStore(options: { pool: Pool; name: string; key: EncryptionKey }): TokenStore {
  const { pool, name, key } = options;
  return {
    exclusively: (work) =>
      inTransaction(pool, async (client) => {
        await client.query(`set local lock_timeout = '${LOCK_TIMEOUT}'`);
        const stored = await readLocked(client, name, key);
        const tokens = await work(stored);
        failpoint('tap.after_token_response');
        if (tokens !== stored) await write(client, name, key, tokens);
        return tokens;
      }),
  };
}

async function readLocked(client: PoolClient, name: string, key: EncryptionKey): Promise<StoredTokens | undefined> {
  const sealed = await lockCredential(client, { name, keyId: key.id });
  return sealed === undefined ? undefined : StoredTokens.parse(JSON.parse(decrypt(key, name, sealed)));
}

async function write(client: PoolClient, name: string, key: EncryptionKey, tokens: StoredTokens): Promise<void> {
  await storeCredential(client, { name, keyId: key.id }, encrypt(key, name, JSON.stringify(tokens)));
}
