import { PipelineError } from '@pipeline/protocol';
import type { RejectedRecord } from './batch.ts';

/** A batch was left before its end, for more of its records are rejected than the caller allows. Nothing of it is written. */
export class TooManyRejected extends PipelineError {
  /** Those found so far, for the quarantine. */
  readonly rejected: RejectedRecord[];

  constructor(stream: string, rejected: RejectedRecord[]) {
    super({
      code: 'TOO_MANY_REJECTED',
      recovery: 'fail',
      message: `stream ${stream}: at least ${rejected.length} records of one batch do not fit`,
      context: { stream },
    });
    this.rejected = rejected;
  }
}
