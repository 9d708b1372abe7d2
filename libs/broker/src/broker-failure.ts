import { errorCode, errorMessage, type Failure, failureOfKind, isMistake, PipelineError } from '@pipeline/protocol';

/** What was thrown when the broker was asked for something, as a failure that is waited out. Undefined for a mistake in the code. */
export function brokerFailure(error: unknown): Failure | undefined {
  if (error instanceof PipelineError) return { name: 'broker_away', code: error.code, text: error.message };
  return isMistake(error) ? undefined : failureOfKind('broker_away', errorCode(error) ?? null, errorMessage(error));
}
