import { PipelineError } from '@pipeline/protocol';
import type { StreamAccess } from '../declaration.ts';

/** What a cheap request tells of a stream: whether these credentials may read it.
 *  @throws what {@link isRefusal} does not take for a refusal */
export async function accessOf(stream: string, request: () => Promise<unknown>): Promise<StreamAccess> {
  try {
    await request();
    return { stream, isReadable: true };
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return { stream, isReadable: false, reason: error.message };
  }
}

/** Whether the source refused the request for good. A source that is away, or a day's limit that is used up, says nothing of a stream. */
export function isRefusal(error: unknown): error is PipelineError {
  return error instanceof PipelineError && error.recovery !== 'retry' && error.context['stopsRun'] !== true;
}
