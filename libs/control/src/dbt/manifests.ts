import type { Queryable } from '@pipeline/postgres';
import * as statements from './manifests.sql.ts';

export interface DbtNode {
  /** `model.pipeline.stg_hubspot__deals` */
  id: string;
  /** As dbt says it: source, model, test, seed, snapshot, exposure. */
  kind: string;
  name: string;
  description: string;
  path: string;
  databaseSchema: string | null;
  relation: string | null;
  /** Of a test, the node that it is declared at comes first. */
  parents: string[];
  /** Compiled. Null: this node was not built yet. */
  sql: string | null;
  test: { name?: string; column?: string } | null;
}

export interface DbtManifest {
  /** Of everything but the compiled SQL, which only a build brings. */
  hash: string;
  nodes: DbtNode[];
}

/** Keeps the project as its manifest says it; the one seen last is in force. SQL that a build compiled stays until another build compiles other. */
export async function saveManifest(db: Queryable, manifest: DbtManifest): Promise<void> {
  await statements.upsertManifest.run(db, { ...manifest });
}
