import { PipelineError } from '@pipeline/protocol';
import type { Connected, HttpClient } from '@pipeline/tap-kit';
import { apiUrlsToTry, WRONG_HOST } from './client.ts';
import { getPage, idOf } from './reading/page.ts';
import type { Settings } from './settings.ts';

const WRONG = new Set([WRONG_HOST, 'SOURCE_UNAUTHORISED']);

/** Proves the credentials. Another data centre than the account's responds with 300 or, to an unlucky few, 401 as if the token were wrong: a
 *  permanent token is called wrong only when none of them knows it.
 *  Source: https://github.com/PipedreamHQ/pipedream/issues/14242 */
export async function connect(http: HttpClient, settings: Settings): Promise<Connected> {
  // A token response says where the account lives, and the client asks there.
  if (settings.token === undefined) return { account: await accountAt(http, '/account') };
  const urls = apiUrlsToTry(settings);
  for (const baseUrl of urls) {
    try {
      return { baseUrl, account: await accountAt(http, `${baseUrl}/account`) };
    } catch (error) {
      if (!(error instanceof PipelineError) || !WRONG.has(error.code)) throw error;
    }
  }
  const tried = urls.map((url) => new URL(url).host).join(', ');
  throw new PipelineError({
    code: 'SOURCE_UNAUTHORISED',
    recovery: 'fix-config',
    message: `no data centre knows this token (tried ${tried}): make a new permanent token in Apps & Integrations > API and set WRIKE_TOKEN`,
  });
}

async function accountAt(http: HttpClient, path: string): Promise<{ id: string; name: string }> {
  const [account] = (await getPage(http, path, {}, { kind: 'accounts' })).rows;
  const name = account?.['name'];
  return { id: account === undefined ? '' : idOf(account), name: typeof name === 'string' ? name : '' };
}
