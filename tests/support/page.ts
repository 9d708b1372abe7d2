import { waitFor } from '@pipeline/testing';
import { z } from 'zod';
import type { Platform } from './platform.ts';

const Tasks = z.object({ items: z.array(z.object({ waitingFor: z.string().nullable() })) });

const Incidents = z.object({ items: z.array(z.looseObject({ kind: z.string(), subject: z.string() })) });

const Status = z.looseObject({ verdict: z.object({ state: z.string(), title: z.string(), text: z.string() }) });

/** What the page shows of what the running runs wait for. */
export async function waits(platform: Platform): Promise<string[]> {
  const { rows } = await platform.database.pool.query<{ id: string }>(
    `select id from pipeline.runs where status = 'running'`,
  );
  const tasks = await Promise.all(rows.map(async ({ id }) => Tasks.parse(await read(platform, `/runs/${id}/tasks`))));
  return tasks.flatMap(({ items }) => items.flatMap(({ waitingFor }) => waitingFor ?? []));
}

/** Waits until a run says that it waits for this. */
export async function untilRunWaits(platform: Platform, expected: RegExp): Promise<void> {
  let last: string[] = [];
  const isShown = async () => {
    last = await waits(platform);
    return last.some((wait) => expected.test(wait));
  };
  await waitFor(isShown, { timeoutMs: 60_000, intervalMs: 500, what: `a run that waits: ${expected.source}` }).catch(
    (cause: unknown) => {
      throw new Error(`no run waits for ${expected.source}, but: ${last.join('; ') || 'nothing'}`, { cause });
    },
  );
}

/** The open incident about this, as the page shows it. */
export async function incident(platform: Platform, about: string): Promise<{ kind: string } | undefined> {
  const { items } = Incidents.parse(await read(platform, '/incidents?open=true'));
  return items.find(({ subject }) => subject === about);
}

/** What `/api/status` responds with. */
export async function readStatus(platform: Platform): Promise<z.infer<typeof Status>> {
  return Status.parse(await read(platform, '/status'));
}

async function read(platform: Platform, path: string): Promise<unknown> {
  const response = await fetch(`${platform.service('scheduler').url()}/api${path}`, {
    headers: { authorization: `Bearer ${platform.apiToken}` },
  });
  return response.json();
}
