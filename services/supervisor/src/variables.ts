import { join } from 'node:path';
import { rememberedSecret } from '@pipeline/local-stack';
import type { Environment } from '@pipeline/service/config';
import type { CommandLine } from './command-line.ts';
import type { Installation } from './installation.ts';
import { sandboxVariables } from './sandbox.ts';

/** What the services are told besides what the user has set: secrets made here, the pipelines asked for, the sandbox. */
export async function ownVariables(
  installation: Installation,
  commandLine: CommandLine,
  sources: string[],
): Promise<Environment> {
  const { dataDir, environment } = installation;
  const secret = (name: string, make: () => string): Environment =>
    isSet(environment, name) ? {} : { [name]: make() };
  const apiToken = ownApiToken(installation);
  return {
    ...secret('CREDENTIALS_KEY', () => rememberedSecret(join(dataDir, 'credentials-key'), 'hex')),
    ...(apiToken === undefined ? {} : { API_TOKEN: apiToken.value }),
    // In a demo every tap has credentials, so the first cycle waits for all of them.
    ...(commandLine.sources.length > 0 || commandLine.isDemo ? { PIPELINE_NAMES: sources.join(',') } : {}),
    ...(commandLine.isOnce ? { PIPELINE_ONCE: 'true' } : {}),
    ...(commandLine.isDemo ? await sandboxVariables(dataDir) : {}),
  };
}

/** The access token made for the page. Undefined: the user has set one. */
export function ownApiToken({ dataDir, environment }: Installation): { value: string; file: string } | undefined {
  const file = join(dataDir, 'api-token');
  return isSet(environment, 'API_TOKEN') ? undefined : { value: rememberedSecret(file), file };
}

function isSet(environment: Environment, name: string): boolean {
  return environment[name] !== undefined || environment[`${name}_FILE`] !== undefined;
}
