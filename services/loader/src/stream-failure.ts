import type { Failure } from '@pipeline/protocol';

/** What is waited for concerns one stream alone, until a person ends it: the others must not wait behind it for ever. */
export const concernsStream = ({ name }: Failure): boolean => name === 'right_missing';
