import { z } from 'zod';
import type { ServiceProcess } from './service-process.ts';

const Readiness = z.object({ checks: z.record(z.string(), z.string()) });

/** What a service says of itself in `/readyz`: `ok` or the reason, by the name of the check. */
export async function readiness(service: ServiceProcess): Promise<Record<string, string>> {
  const response = await fetch(`${service.probesUrl()}/readyz`);
  return Readiness.parse(await response.json()).checks;
}

/** The sum of a service's samples of a metric, over all labels but these. */
export async function metric(
  service: ServiceProcess,
  name: string,
  labels: Record<string, string> = {},
): Promise<number> {
  const page = await (await fetch(`${service.probesUrl()}/metrics`)).text();
  let sum = 0;
  for (const line of page.split('\n')) {
    const [, sample, , labelText = '', value] = /^(\w+)({(.*)})? (\S+)$/.exec(line) ?? [];
    const fits = Object.entries(labels).every(([label, text]) => labelText.includes(`${label}="${text}"`));
    if (sample === name && fits) sum += Number(value);
  }
  return sum;
}
