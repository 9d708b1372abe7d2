import { PipelineError } from '@pipeline/protocol';

/** The error for a response that another form than documented makes useless. The next run asks again: the same request, repeated at once, would be
 *  responded to in the same form.
 *  @param problem what is wrong, as the end of a sentence and without values: `names itself as the next page` */
export function malformedResponse(path: string, problem: string): PipelineError {
  return new PipelineError({
    code: 'SOURCE_MALFORMED_RESPONSE',
    recovery: 'fail',
    message: `the response to ${path} ${problem}`,
    context: { path },
  });
}
