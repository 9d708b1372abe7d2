import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { Ended, EXIT } from './exit.ts';

const DEFAULT_URL = 'http://127.0.0.1:8080';
/** What run.sh keeps in its folder: the ports of its services. */
const Ports = z.object({ scheduler: z.number().int() });

/** Where the scheduler is and what opens it: as PIPELINE_URL and PIPELINE_TOKEN say, else that of a run.sh that runs in this folder, its demo too.
 *  @throws Ended when PIPELINE_URL is no address */
export function findScheduler(environment: NodeJS.ProcessEnv): { url: string; token: string | undefined } {
  const folder = runningFolder(environment['DISK_STORAGE_PATH'] ?? '.data');
  const named = environment['PIPELINE_URL'];
  const own = folder === undefined ? undefined : urlIn(folder);
  return {
    url: named === undefined || named === '' ? (own ?? DEFAULT_URL) : address(named),
    token: findToken(environment, folder),
  };
}

function address(text: string): string {
  const url = URL.parse(text.includes('://') ? text : `http://${text}`);
  if (url === null || !/^https?:$/.test(url.protocol))
    throw new Ended(EXIT.usage, `PIPELINE_URL is no address: expected something like ${DEFAULT_URL}`);
  return url.href.replace(/\/+$/, '');
}

/** run.sh leaves its pid in the folder that it works in. */
function runningFolder(disk: string): string | undefined {
  return [disk, join(disk, 'demo')].find((folder) => existsSync(join(folder, 'supervisor.pid')));
}

function urlIn(folder: string): string | undefined {
  const ports = Ports.safeParse(jsonIn(contentOf(join(folder, 'ports.json'))));
  return ports.success ? `http://127.0.0.1:${ports.data.scheduler}` : undefined;
}

/** PIPELINE_TOKEN, API_TOKEN, the file that PIPELINE_TOKEN_FILE names, or the token that run.sh has made. */
function findToken(environment: NodeJS.ProcessEnv, folder: string | undefined): string | undefined {
  const given = environment['PIPELINE_TOKEN'] ?? environment['API_TOKEN'];
  if (given !== undefined && given !== '') return given;
  const disk = environment['DISK_STORAGE_PATH'] ?? '.data';
  const files = [environment['PIPELINE_TOKEN_FILE'], ...[folder ?? disk, disk].map((at) => join(at, 'api-token'))];
  for (const file of files) {
    const token = file === undefined ? undefined : contentOf(file);
    if (token !== undefined) return token.trim();
  }
  return undefined;
}

function contentOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

function jsonIn(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
