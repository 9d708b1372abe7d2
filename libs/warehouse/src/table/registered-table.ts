import { readRegistry } from '@pipeline/control';
import { type PoolClient, quoteIdent } from '@pipeline/postgres';

export interface NamedTable {
  /** Quoted, with its schema. */
  name: string;
  columns: Map<string, string>;
}

/** The table of a stream, as the registry names it. Undefined: it has none yet. */
export async function registeredTable(
  client: PoolClient,
  databaseSchema: string,
  stream: string,
): Promise<NamedTable | undefined> {
  const state = await readRegistry(client, databaseSchema, stream);
  if (state.name === undefined) return undefined;
  return { name: `${quoteIdent(databaseSchema)}.${quoteIdent(state.name)}`, columns: state.names };
}
