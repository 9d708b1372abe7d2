import { join } from 'node:path';
import { type Environment, serviceFields } from '@pipeline/service/config';
import { readConfigFile, selectVariable, serviceConfig } from '@pipeline/tap-kit/settings';
import { z } from 'zod';
import { ROOT } from './root.ts';

/** Variables that a program may need on any machine, whatever it does. */
const MACHINE = new Set(
  [
    'PATH HOME USER LOGNAME LANG LANGUAGE TZ TMPDIR TERM COLORTERM NO_COLOR FORCE_COLOR LD_LIBRARY_PATH',
    'NODE_ENV NODE_OPTIONS NODE_EXTRA_CA_CERTS NODE_USE_SYSTEM_CA NODE_DEBUG SSL_CERT_FILE SSL_CERT_DIR OPENSSL_CONF',
  ].flatMap((names) => names.split(' ')),
);
const LOCALE = /^LC_[A-Z]+$/;
/** The way to the internet, for who goes there: it may hold a password. */
const PROXY = /^(https?|all|no)_proxy$/i;

/** Says which variables a service is given. A secret of one service is nowhere in the environment of another one. */
export interface ServiceVariables {
  of(service: string, environment: Environment): Environment;
}

/** Reads what these services, and every source that has a tap, declare. */
export async function serviceVariables(services: string[], sources: string[]): Promise<ServiceVariables> {
  const names = new Set([...services, ...sources.map((source) => `tap-${source}`)]);
  const entries = [...names].map(async (name) => [name, await declaredBy(name)] as const);
  const declared = new Map(await Promise.all(entries));
  const owned = new Set([...declared.values()].flatMap((variables) => [...variables]));
  const isGiven = (service: string, variable: string): boolean => {
    const name = variable.replace(/_FILE$/, '');
    if (MACHINE.has(variable) || LOCALE.test(variable) || declared.get(service)?.has(name)) return true;
    if (service === 'sandbox') return name.startsWith('SANDBOX_');
    if (PROXY.test(variable)) return service === 'scheduler' || service.startsWith('tap-');
    // A configuration that is applied names variables of the user's own, which nobody declares.
    return service === 'scheduler' && !owned.has(name) && !name.startsWith('SANDBOX_');
  };
  return {
    of: (service, environment) =>
      Object.fromEntries(Object.entries(environment).filter(([variable]) => isGiven(service, variable))),
  };
}

/** A service declares its variables as the zod object `config` of `src/config.ts`, a tap in its `config.yml`. */
async function declaredBy(service: string): Promise<Set<string>> {
  const own = service.startsWith('tap-') ? tapVariables(service) : await configVariables(service);
  return new Set([...Object.keys(serviceFields), ...own]);
}

function tapVariables(service: string): string[] {
  const { variables } = readConfigFile(join(ROOT, 'services', service, 'config.yml'));
  const select = selectVariable(service.slice('tap-'.length));
  return [...Object.keys(serviceConfig.shape), ...[...variables.values()].flat(), select];
}

async function configVariables(service: string): Promise<string[]> {
  const { config }: { config?: unknown } = await import(join(ROOT, 'services', service, 'src/config.ts'));
  return config instanceof z.ZodObject ? Object.keys(config.shape) : [];
}
