import { PipelineError } from '@pipeline/protocol';
import type { Invalid } from './input/record-validator.ts';

export function invalidRecord(stream: string, line: number, { column, reason }: Invalid): PipelineError {
  return new PipelineError({
    code: 'RECORD_INVALID',
    recovery: 'fail',
    message:
      `stream ${stream}, line ${line}: ${reason}${column === null ? '' : `, property ${column}`}. Correct the tap, or set ` +
      '"on_invalid" to "quarantine"',
    context: { stream, line, column },
  });
}

export function keyRequired(stream: string): PipelineError {
  return new PipelineError({
    code: 'KEY_REQUIRED',
    recovery: 'fix-config',
    message: `stream ${stream} has no key properties and "primary_key_required" is true`,
    context: { stream },
  });
}
