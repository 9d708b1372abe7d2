import { SEQ_LIMIT } from '@pipeline/protocol';
import type { ActivationResult, Table, Warehouse } from '@pipeline/warehouse';
import type { SourceRecord } from '../world/source.ts';
import { standIn } from '../world/stand-in.ts';

/** The loading engine as the protocol sees it: rows with a key are replaced by later sequences only, deletions are marks. */
export function warehouse(): Warehouse {
  return standIn<Warehouse>({
    prepare: async (schema: Parameters<Warehouse['prepare']>[0]) => standIn<Table>({ stream: schema.stream }),
    write: async (...[client, table, lines, { sequence }]: Parameters<Warehouse['write']>) => {
      const records = parse(lines);
      await client.query('warehouse: write', [table.stream, records, Number(sequence)]);
      return { loaded: records.length, rejected: [], sanitised: 0 };
    },
    activate: async (...[client, activation]: Parameters<Warehouse['activate']>): Promise<ActivationResult> => {
      const { rule, stream, epoch } = activation;
      if (rule.kind === 'none') return { outcome: 'activated', deleted: 0 };
      const first = epoch * SEQ_LIMIT;
      const { rowCount } = await client.query('warehouse: soft delete', [stream, first, first + SEQ_LIMIT - 1]);
      return { outcome: 'activated', deleted: rowCount ?? 0 };
    },
    // Statistics change no row.
    analyzeNew: async () => undefined,
  });
}

function parse(lines: Buffer): SourceRecord[] {
  const text = lines.toString();
  return text === '' ? [] : JSON.parse(`[${text.replaceAll('\n', ',')}]`);
}
