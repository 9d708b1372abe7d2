import { join } from 'node:path';
import { Ended, EXIT } from './exit.ts';
import { contentOf, findRunFolder } from './run-folder.ts';

const DEFAULT_URL = 'http://127.0.0.1:8080';

/** Where the scheduler is and what opens it: as PIPELINE_URL and PIPELINE_TOKEN say, else that of a run.sh that runs in this folder, its demo too.
 *  @throws Ended when PIPELINE_URL is no address */
export function findScheduler(environment: NodeJS.ProcessEnv): { url: string; token: string | undefined } {
  const run = findRunFolder(environment);
  const named = environment['PIPELINE_URL'];
  return {
    url: named === undefined || named === '' ? (run?.url ?? DEFAULT_URL) : address(named),
    token:
      tokenIn(environment) ?? run?.token ?? contentOf(join(environment['DISK_STORAGE_PATH'] ?? '.data', 'api-token')),
  };
}

function address(text: string): string {
  const url = URL.parse(text.includes('://') ? text : `http://${text}`);
  if (url === null || !/^https?:$/.test(url.protocol))
    throw new Ended(EXIT.usage, `PIPELINE_URL is no address: expected something like ${DEFAULT_URL}`);
  return url.href.replace(/\/+$/, '');
}

/** PIPELINE_TOKEN, API_TOKEN, or what is in the file that PIPELINE_TOKEN_FILE names. */
function tokenIn(environment: NodeJS.ProcessEnv): string | undefined {
  const given = environment['PIPELINE_TOKEN'] ?? environment['API_TOKEN'];
  if (given !== undefined && given !== '') return given;
  const file = environment['PIPELINE_TOKEN_FILE'];
  return file === undefined ? undefined : contentOf(file);
}
