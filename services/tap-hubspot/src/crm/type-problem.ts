import { PipelineError } from '@pipeline/protocol';
import type { ObjectType } from './object-type.ts';

/** A type that this account does not have is refused in several ways. */
export function typeProblem({ id, name }: ObjectType, error: unknown): unknown {
  if (!(error instanceof PipelineError) || error.code === 'SOURCE_TYPE_NOT_ACTIVATED') return error;
  const { status } = error.context;
  if (status !== 400 && status !== 404) return error;
  return new PipelineError({
    code: 'SOURCE_TYPE_NOT_ACTIVATED',
    recovery: 'fix-config',
    message: `HubSpot does not know the type ${id} (${status}): the custom object was deleted, or no administrator has activated ${name} in the object library. Take the stream out of \`select\``,
    context: error.context,
    cause: error,
  });
}
