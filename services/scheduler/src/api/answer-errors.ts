import { PipelineError } from '@pipeline/contracts';
import type { ErrorRequestHandler } from 'express';
import { ZodError, z } from 'zod';

/** Answers what a route refused: 400 for a request that makes no sense, 404 for what does not exist, 409 for what cannot be done now, 503 while the
 *  broker does not take it. Everything else is a defect and goes on. */
export const answerErrors: ErrorRequestHandler = (error: unknown, _request, response, next) => {
  if (error instanceof ZodError) response.status(400).json({ error: z.prettifyError(error) });
  else if (error instanceof PipelineError) {
    response.status(statusOf(error)).json({ error: error.message, code: error.code });
  } else if (error instanceof DOMException && error.name === 'TimeoutError') {
    response.status(503).json({ error: 'the broker did not take the message in time: try again' });
  } else next(error);
};

function statusOf({ code, recovery }: PipelineError): number {
  if (code.startsWith('UNKNOWN_')) return 404;
  return recovery === 'retry' ? 503 : 409;
}
