import { createHash } from 'node:crypto';
import { type PoolClient, quoteLiteral } from '@pipeline/postgres';
import { BLAMABLE } from './refusal.ts';

/** What all rows of a batch have in common, for a statement that takes no parameters. */
export interface BatchLiterals {
  receivedAt: Date;
  batchedAt: Date;
  sequence: bigint;
}

/** Takes the rows that PostgreSQL refuses, by position. Of the session, emptied with each transaction. */
export const REFUSED_TABLE = 'pg_temp.pipeline_refused_rows';

/** Rows that are tried together as long as none is refused; after that, so many of them; after that, one by one. */
const ROWS_TOGETHER = 64;
const ROWS_OF_A_PART = 8;

/** A block that runs the statements for pieces of the stage, in the order of the records, and row by row for the pieces in which PostgreSQL refuses
 *  one: the server does it alone, so many bad records cost no more than a few times the batch.
 *  @param statements read the rows of the stage whose `ctid` is in the variable `pipeline_v_rows`.
 *  @param refusalsMax with one more the block ends. */
export function rowByRow(stage: string, statements: string[], batch: BatchLiterals, refusalsMax: number): string {
  const body = statements.map((statement) => `${statement};`).join('\n');
  // Nobody can have an identifier with this in it.
  const quote = `$rows_${createHash('sha256').update(body).digest('hex').slice(0, 16)}$`;
  return `do ${quote}
    declare
      pipeline_v_received_at timestamptz := ${quoteLiteral(batch.receivedAt.toISOString())};
      pipeline_v_batched_at timestamptz := ${quoteLiteral(batch.batchedAt.toISOString())};
      pipeline_v_sequence bigint := ${batch.sequence};
      pipeline_v_piece tid[];
      pipeline_v_rows tid[];
      pipeline_v_position int;
      pipeline_v_state text;
      pipeline_v_column text;
      pipeline_v_constraint text;
      pipeline_v_part tid[];
      pipeline_v_left bigint := ${refusalsMax};
    begin
      for pipeline_v_piece in
        select array_agg(numbered.ctid order by numbered.place) from
          (select stage.ctid, row_number() over (order by _sdc_position) - 1 as place from ${stage} as stage) as numbered
        group by numbered.place / ${ROWS_TOGETHER} order by numbered.place / ${ROWS_TOGETHER}
      loop
        begin
          pipeline_v_rows := pipeline_v_piece;
          ${body}
          continue;
        exception when others then
          if sqlstate !~ '${BLAMABLE.source}' then raise; end if;
        end;
        for pipeline_v_first in 1 .. cardinality(pipeline_v_piece) by ${ROWS_OF_A_PART} loop
          pipeline_v_part := pipeline_v_piece[pipeline_v_first:pipeline_v_first + ${ROWS_OF_A_PART - 1}];
          begin
            pipeline_v_rows := pipeline_v_part;
            ${body}
            continue;
          exception when others then
            if sqlstate !~ '${BLAMABLE.source}' then raise; end if;
          end;
          for pipeline_v_place in 1 .. cardinality(pipeline_v_part) loop
            begin
              pipeline_v_rows := pipeline_v_part[pipeline_v_place:pipeline_v_place];
              ${body}
            exception when others then
              get stacked diagnostics pipeline_v_state = returned_sqlstate, pipeline_v_column = column_name,
                pipeline_v_constraint = constraint_name;
              if pipeline_v_state !~ '${BLAMABLE.source}' then raise; end if;
              select _sdc_position into pipeline_v_position from ${stage} where ctid = pipeline_v_part[pipeline_v_place];
              insert into ${REFUSED_TABLE} values (pipeline_v_position, pipeline_v_state, nullif(pipeline_v_column, ''),
                nullif(pipeline_v_constraint, ''));
              pipeline_v_left := pipeline_v_left - 1;
              if pipeline_v_left < 0 then return; end if;
            end;
          end loop;
        end loop;
      end loop;
    end ${quote}`;
}

/** Outside of any savepoint that may be rolled back. */
export async function ensureRefusedTable(client: PoolClient): Promise<void> {
  await client.query(
    `create temporary table if not exists ${REFUSED_TABLE} (position int, state text, column_name text, constraint_name text)
     on commit delete rows`,
  );
}

export interface RefusedRow {
  position: number;
  state: string;
  column: string | null;
  constraint: string | null;
}

/** Reads the refused rows, and forgets them. */
export async function takeRefusedRows(client: PoolClient): Promise<RefusedRow[]> {
  const { rows } = await client.query<RefusedRow>(
    `with taken as (delete from ${REFUSED_TABLE} returning *) select position, state, column_name as column, constraint_name as constraint
     from taken order by position`,
  );
  return rows;
}
