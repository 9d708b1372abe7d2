import { hasNoToken, insertToken, newToken, sha256, syncEnvironmentToken } from '@pipeline/control';
import type { Pool } from '@pipeline/postgres';

/** Makes sure that somebody can log in: with API_TOKEN where it is set, else with a token that is made at the first start and shown once. */
export async function prepareAccess(
  pool: Pool,
  options: { apiToken: string | undefined; show: (token: string) => void },
): Promise<void> {
  await syncEnvironmentToken(pool, options.apiToken === undefined ? undefined : sha256(options.apiToken));
  if (!(await hasNoToken(pool))) return;
  const token = newToken();
  await insertToken(pool, {
    name: 'first token',
    role: 'admin',
    sha256: sha256(token),
    createdBy: 'scheduler',
    days: null,
  });
  options.show(token);
}
