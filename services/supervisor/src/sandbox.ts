import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { LOOPBACK, rememberedPorts } from '@pipeline/local-stack';
import type { Environment } from '@pipeline/service/config';
import { ROOT } from './root.ts';

/** So many times faster than the real APIs' limits, or a demo would mostly wait. */
const RATE_LIMIT_FACTOR = '20';
const PORT = /^SANDBOX_(\w+)_PORT$/;

/** What points the taps at the sandbox as compose runs it, and every other variable of theirs, empty. */
const demoSources: Environment = Object.fromEntries(
  Object.entries(parseEnv(readFileSync(join(ROOT, 'docker/node/demo-sources.env'), 'utf8'))).map(
    ([name, value = '']) => [name, value],
  ),
);

/** Whether a demo sets this variable itself, so that nothing of the user's own accounts reaches it. */
export function isDemoVariable(name: string): boolean {
  return name.replace(/_FILE$/, '') in demoSources;
}

/** The variables that open the sandbox on free ports of this machine and point the taps at it. */
export async function sandboxVariables(dataDir: string): Promise<Environment> {
  const apis = Object.keys(demoSources).flatMap((name) => PORT.exec(name)?.[1]?.toLowerCase() ?? []);
  const ports = await rememberedPorts(join(dataDir, 'ports.json'), [...apis, 'control']);
  const addresses = new Map(
    apis.map((api) => [`http://sandbox:${demoSources[portVariable(api)]}`, `http://${LOOPBACK}:${ports[api]}`]),
  );
  const here = Object.entries(demoSources).map(([name, value]) => [name, addresses.get(value) ?? value]);
  return {
    ...Object.fromEntries(here),
    ...Object.fromEntries([...apis, 'control'].map((api) => [portVariable(api), String(ports[api])])),
    SANDBOX_HOST: LOOPBACK,
    SANDBOX_RATE_LIMIT_FACTOR: RATE_LIMIT_FACTOR,
    TAP_RATE_LIMIT_FACTOR: RATE_LIMIT_FACTOR,
  };
}

function portVariable(api: string): string {
  return `SANDBOX_${api.toUpperCase()}_PORT`;
}
