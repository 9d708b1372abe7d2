import { PipelineError } from '@pipeline/protocol';
import { EXIT_CODES } from '@pipeline/service/config';

/** Of a run that an error ended. */
export function exitCodeOf(error: unknown): number {
  if (!(error instanceof PipelineError)) return EXIT_CODES.failure;
  if (error.recovery === 'fix-config') return EXIT_CODES.configuration;
  return error.recovery === 'retry' ? EXIT_CODES.notReady : EXIT_CODES.failure;
}
