import { PipelineError, type RejectionCounts, type RejectionLimits } from '@pipeline/protocol';
import type { TargetConfig } from './settings/config.ts';

export function rejectionLimits(config: Pick<TargetConfig, 'max_rejected' | 'max_rejected_share'>): RejectionLimits {
  return { rejectedMax: config.max_rejected, rejectedShare: config.max_rejected_share };
}

/** @param atLeast said before the number when a batch was left before its end. */
export function tooManyRejected(
  stream: string,
  { rows, rejected }: RejectionCounts,
  atLeast: 'at least ' | '' = '',
): PipelineError {
  return new PipelineError({
    code: 'TOO_MANY_REJECTED',
    recovery: 'fail',
    message:
      `stream ${stream}: ${atLeast}${rejected} of ${rows} records do not fit. ` +
      'They are in pipeline.rejected_records with the reason; mend the source, or raise max_rejected and max_rejected_share',
    context: { stream },
  });
}
