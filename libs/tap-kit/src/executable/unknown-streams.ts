import type { PipelineError } from '@pipeline/protocol';
import { type Selection, unknownStreams } from '../catalog/selection.ts';
import type { Stream } from '../declaration.ts';
import { endsEarly } from '../http/failure.ts';
import type { SyncSummary } from './sync-summary.ts';

/** Streams that the catalog selects and the account does not have, or could not be asked for: the others do not depend on them. */
export function tellUnknown(
  summary: SyncSummary,
  { unknown }: Selection,
  { streams, failure }: { streams: readonly Stream<never>[]; failure: PipelineError | undefined },
): SyncSummary {
  for (const name of unknown) {
    if (failure !== undefined && endsEarly(failure)) summary.incomplete(name, failure);
    else
      summary.failed(
        name,
        failure ??
          unknownStreams(
            [name],
            streams.map((stream) => stream.name),
          ),
      );
  }
  return summary;
}
