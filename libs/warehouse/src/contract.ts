import { PipelineError } from '@pipeline/protocol';

/** What may change on its own. `evolve` changes the table, `freeze` fails the stream, `discard_row` leaves the record out, `discard_value`
 *  writes NULL, `quarantine` rejects the record. */
export interface Contract {
  /** A stream without a table. */
  tables: Policy;
  /** A field without a column. */
  columns: Policy;
  /** A schema that declares a wider type, or a value that its column does not hold. `evolve` follows the schema; a value that breaks the
   *  schema is an error of its record and goes to the quarantine. */
  types: Policy;
}

export type Policy = 'evolve' | 'freeze' | 'discard_row' | 'discard_value' | 'quarantine';

/** Tables follow the source. */
export const DEFAULT_CONTRACT: Contract = { tables: 'evolve', columns: 'evolve', types: 'evolve' };

/** What a user says of a stream; the rest is {@link DEFAULT_CONTRACT}. */
export type PartialContract = { [Part in keyof Contract]?: Policy | undefined };

export function completeContract(given: PartialContract = {}): Contract {
  return {
    tables: given.tables ?? DEFAULT_CONTRACT.tables,
    columns: given.columns ?? DEFAULT_CONTRACT.columns,
    types: given.types ?? DEFAULT_CONTRACT.types,
  };
}

export function contractFrozen(stream: string, what: string, column: string | null = null): PipelineError {
  return new PipelineError({
    code: 'CONTRACT_FROZEN',
    recovery: 'fix-config',
    message: `stream ${stream}: ${what}, and its contract is "freeze": correct the source, or set the contract to "evolve"`,
    context: { stream, column },
  });
}
