import { join } from 'node:path';
import { rememberedSecret } from '@pipeline/local-stack';
import type { Environment } from '@pipeline/service';
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
    environment[name] === undefined && environment[`${name}_FILE`] === undefined ? { [name]: make() } : {};
  return {
    ...secret('CREDENTIALS_KEY', () => rememberedSecret(join(dataDir, 'credentials-key'), 'hex')),
    ...secret('API_TOKEN', () => rememberedSecret(join(dataDir, 'api-token'))),
    // In a demo every tap has credentials, so the first cycle waits for all of them.
    ...(commandLine.sources.length > 0 || commandLine.isDemo ? { PIPELINE_NAMES: sources.join(',') } : {}),
    ...(commandLine.isOnce ? { PIPELINE_ONCE: 'true' } : {}),
    ...(commandLine.isDemo ? await sandboxVariables(dataDir) : {}),
  };
}
