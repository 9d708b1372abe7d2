import { PipelineError } from '@pipeline/protocol';

/** Why a read ended that could have gone on: the reason of the signals that stop it. */
export function interrupted(): PipelineError {
  return new PipelineError({
    code: 'INTERRUPTED',
    recovery: 'retry',
    message: 'the tap was asked to stop: the next run goes on from the last state',
  });
}

export function isInterruption(error: unknown): boolean {
  return error instanceof PipelineError && error.code === 'INTERRUPTED';
}
