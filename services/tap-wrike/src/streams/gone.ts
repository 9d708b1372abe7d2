import type { Extract, ReadContext } from '@pipeline/tap-kit';
import type { ReadPlan } from '../reading/read-plan.ts';
import type { Settings } from '../settings.ts';

/** Tombstones of rows that came and went between two reads: nothing but their ids is left. */
export function* goneRecords(
  stream: string,
  plan: ReadPlan,
  { startedAt }: Pick<ReadContext<Settings>, 'startedAt'>,
): Generator<Extract> {
  const records = plan.gone().map((id) => ({ id, _sdc_deleted_at: startedAt }));
  if (records.length > 0) yield { type: 'records', stream, records };
}
