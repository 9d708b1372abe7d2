import { PipelineError } from '@pipeline/contracts';
import type { StreamCounts } from './batch-loader.ts';

export interface RejectionLimits {
  max_rejected: number;
  max_rejected_share: number;
}

/** A stream of which more is rejected than loaded is no success, however few records it has. */
const MOSTLY = 0.5;

/** Whether a stream has more rejected records than both limits allow: it stops at once. */
export function isOverLimit({ loaded, rejected }: StreamCounts, limits: RejectionLimits): boolean {
  return rejected > Math.max(limits.max_rejected, limits.max_rejected_share * (loaded + rejected));
}

/** Whether most of a stream is rejected: its STATEs wait, and at the end it fails. */
export function isMostlyRejected({ loaded, rejected }: StreamCounts, limits: RejectionLimits): boolean {
  return rejected > Math.max(MOSTLY, limits.max_rejected_share) * (loaded + rejected);
}

export function tooManyRejected(stream: string, { loaded, rejected }: StreamCounts): PipelineError {
  return new PipelineError({
    code: 'TOO_MANY_REJECTED',
    recovery: 'fail',
    message:
      `stream ${stream}: ${rejected} of ${loaded + rejected} records do not fit. ` +
      'They are in pipeline.rejected_records with the reason; mend the source, or raise max_rejected and max_rejected_share',
    context: { stream },
  });
}
