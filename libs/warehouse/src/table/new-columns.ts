import { PipelineError } from '@pipeline/protocol';

/** Columns that a table may get at once without anybody's consent. PostgreSQL counts dropped columns too, so a schema that was wrong once, by a defect
 *  of the source or on purpose, would leave its table full for good. */
export const NEW_COLUMNS_MAX = 500;

/** The limit for a table that is made. An account with a thousand fields of its own is nothing unusual. */
const FIRST_COLUMNS_MAX = 2_000;

/** What an operator says of the columns of a table. */
export interface ColumnConsent {
  /** How many it may have, whatever comes at once. @default 0 */
  allowed?: number;
  /** Where it is said, for the message. */
  howTo?: string;
}

/** Refuses a schema that brings too many columns at once, before anything is changed.
 *  @param columns of the table before and after; `wanted` counts for a new table what it has no room for as well
 *  @throws PipelineError `TOO_MANY_NEW_COLUMNS` with `wanted` in its context. */
export function checkNewColumns(
  { stream, table }: { stream: string; table: string },
  { existing, wanted }: { existing: number; wanted: number },
  { allowed = 0, howTo }: ColumnConsent = {},
): void {
  const isNew = existing === 0;
  const limit = isNew ? FIRST_COLUMNS_MAX : NEW_COLUMNS_MAX;
  if (wanted - existing <= limit || wanted <= allowed) return;
  const growth = isNew ? `begin with ${wanted} columns` : `get ${wanted - existing} columns beside its ${existing}`;
  const consent = howTo === undefined ? 'allow them' : `allow them ${howTo}`;
  throw new PipelineError({
    code: 'TOO_MANY_NEW_COLUMNS',
    recovery: 'fix-config',
    message:
      `stream ${stream}: its table ${table} would ${growth}, and more than ${limit} at once are not believed without consent; ` +
      `nothing was changed. If the source is right, ${consent}`,
    context: { stream, existing, wanted },
  });
}

/** How many columns the refused table would have. Undefined for any other error. */
export function columnsWanted(error: unknown): number | undefined {
  if (!(error instanceof PipelineError) || error.code !== 'TOO_MANY_NEW_COLUMNS') return undefined;
  const { wanted } = error.context;
  return typeof wanted === 'number' ? wanted : undefined;
}
