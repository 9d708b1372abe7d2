import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from '@pipeline/postgres';
import type { Sample } from '@pipeline/testing';
import type { Platform } from './platform.ts';

/** What is measured: `memory` and `handles` of each service, the rest of the database. */
export type Measure =
  | 'memory'
  | 'handles'
  | 'catalog rows'
  | 'catalog size'
  | 'temporary tables per session'
  | 'ledger rows per run';

/** One measure over time. */
export interface Series {
  measure: Measure;
  /** A service, or the database. */
  of: string;
  samples: Sample[];
}

const MIB = 1024 * 1024;

/** Measures what the platform takes up, every `everyMs` for `forMs`. */
export async function measure(platform: Platform, times: { everyMs: number; forMs: number }): Promise<Series[]> {
  const series = new Map<string, Series>();
  const startedAt = performance.now();
  for (let atMs = 0; atMs < times.forMs; atMs = performance.now() - startedAt) {
    for (const [measure, of, value] of await footprint(platform)) {
      const key = `${measure} of ${of}`;
      const known = series.get(key) ?? { measure, of, samples: [] };
      known.samples.push({ atMs, value });
      series.set(key, known);
    }
    await sleep(times.everyMs);
  }
  return [...series.values()];
}

/** Rows that are no longer seen and that VACUUM has not taken away. */
export async function deadRows(pool: Pool): Promise<number> {
  const { rows } = await pool.query<{ dead: number }>(
    'select sum(n_dead_tup)::float8 as dead from pg_stat_user_tables',
  );
  return rows[0]?.dead ?? 0;
}

type Measurement = [measure: Measure, of: string, value: number];

async function footprint({ services, database }: Platform): Promise<Measurement[]> {
  const measured: Measurement[] = [];
  for (const [name, { pid }] of services) {
    measured.push(['memory', name, residentMiB(pid)], ['handles', name, readdirSync(`/proc/${pid}/fd`).length]);
  }
  const { rows } = await database.pool.query<Record<'catalog_rows' | 'catalog_bytes' | 'stages' | 'ledger', number>>(
    `select (select count(*) from pg_class c join pg_attribute a on a.attrelid = c.oid
             where c.relpersistence <> 't')::float8 as catalog_rows,
            (select sum(pg_total_relation_size(oid)) from pg_class
             where relnamespace = 'pg_catalog'::regnamespace and relkind = 'r')::float8 as catalog_bytes,
            (select count(*) from pg_class where relpersistence = 't' and relkind = 'r')::float8
              / (select greatest(1, count(*)) from pg_stat_activity
                 where datname = current_database() and application_name = 'loader') as stages,
            (select count(*) from pipeline.ledger)::float8 / (select count(*) from pipeline.runs) as ledger`,
  );
  for (const row of rows) {
    measured.push(['catalog rows', 'the database', row.catalog_rows]);
    measured.push(['catalog size', 'the database', row.catalog_bytes / MIB]);
    measured.push(['temporary tables per session', 'the database', row.stages]);
    measured.push(['ledger rows per run', 'the database', row.ledger]);
  }
  return measured;
}

/** In MiB, proc(5). */
function residentMiB(pid: number): number {
  const kib = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kib) / 1024;
}
