import type { Queryable } from '@pipeline/postgres';
import { SourceDescription } from '@pipeline/protocol/api';
import * as statements from './sources.sql.ts';

/** A source is there while its tap has been seen within this time, in milliseconds. */
const SOURCE_ALIVE_MS = 20_000;

/** Says what a source's tap can do, and that it is there. The tap calls it at start and with every heartbeat. */
export async function registerSource(db: Queryable, description: SourceDescription): Promise<void> {
  await statements.upsertSource.run(db, { source: description.source, description });
}

export interface RegisteredSource {
  description: SourceDescription;
  isAlive: boolean;
  seenAt: Date;
}

/** Every source whose tap has ever registered, by name. One that an older version has described otherwise is left out. */
export function listSources(db: Queryable): Promise<RegisteredSource[]> {
  return selectSources(db, null);
}

/** One source. Undefined: no tap has described it. */
export async function readSource(db: Queryable, source: string): Promise<RegisteredSource | undefined> {
  return (await selectSources(db, source))[0];
}

async function selectSources(db: Queryable, source: string | null): Promise<RegisteredSource[]> {
  const rows = await statements.selectSources.all(db, { aliveSeconds: SOURCE_ALIVE_MS / 1000, source });
  return rows.flatMap(({ description, ...row }) => {
    const parsed = SourceDescription.safeParse(description);
    return parsed.success ? [{ ...row, description: parsed.data }] : [];
  });
}
