import { errorMessage, type Failure, failureOfKind, PipelineError } from '@pipeline/protocol';

/** What was thrown when the broker was asked for something, as a failure that is waited out. Undefined for a mistake in the code: network, RabbitMQ
 *  and amqplib throw other classes, or errors with a code. */
export function brokerFailure(error: unknown): Failure | undefined {
  if (error instanceof PipelineError) return { name: 'broker_away', code: error.code, text: error.message };
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  if (code === undefined && isMistake(error)) return undefined;
  return failureOfKind('broker_away', typeof code === 'string' ? code : null, errorMessage(error));
}

function isMistake(error: unknown): boolean {
  return [TypeError, RangeError, ReferenceError, SyntaxError].some((mistake) => error instanceof mistake);
}
