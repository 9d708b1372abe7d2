import { SourceDescription } from '@pipeline/contracts/api';
import type { Queryable } from '@pipeline/postgres';

/** A source is there while its tap has been seen within this time, in milliseconds. */
const SOURCE_ALIVE_MS = 20_000;

/** Says what a source's tap can do, and that it is there. The tap calls it at start and with every heartbeat. */
export async function registerSource(db: Queryable, description: SourceDescription): Promise<void> {
  await db.query(
    `insert into pipeline.sources (source, description) values ($1, $2)
     on conflict (source) do update set description = excluded.description, seen_at = clock_timestamp()`,
    [description.source, JSON.stringify(description)],
  );
}

export interface RegisteredSource {
  description: SourceDescription;
  isAlive: boolean;
  seenAt: Date;
}

/** Every source whose tap has ever registered, by name. One that an older version has described otherwise is left out. */
export async function listSources(db: Queryable): Promise<RegisteredSource[]> {
  const { rows } = await db.query<{ description: unknown; isAlive: boolean; seenAt: Date }>(
    `select description, seen_at as "seenAt", seen_at > clock_timestamp() - make_interval(secs => $1) as "isAlive"
     from pipeline.sources order by source`,
    [SOURCE_ALIVE_MS / 1000],
  );
  return rows.flatMap(({ description, ...row }) => {
    const parsed = SourceDescription.safeParse(description);
    return parsed.success ? [{ ...row, description: parsed.data }] : [];
  });
}

/** One source. Undefined: no tap has described it. */
export async function readSource(db: Queryable, source: string): Promise<RegisteredSource | undefined> {
  return (await listSources(db)).find(({ description }) => description.source === source);
}
