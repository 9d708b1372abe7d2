import type { Extract } from '@pipeline/tap-kit';
import type { AcceptedQuery } from '../reading/accepted-query.ts';

/** Tells which fields and parameters the account refuses: their columns stay empty. */
export function* refusedNotice(stream: string, { refused }: AcceptedQuery): Generator<Extract> {
  if (refused.length === 0) return;
  const message = `this account refuses ${refused.join(', ')}: asked without, columns of that name stay empty`;
  yield { type: 'notice', stream, code: 'WRIKE_REFUSED_PARAMETER', message };
}

/** Tells that the API counts rows which it does not show to this user. */
export function* hiddenNotice(stream: string, isHidden: boolean): Generator<Extract> {
  if (!isHidden) return;
  const message = 'the API counts more rows than it shows: some are hidden from the user whose token this is';
  yield { type: 'notice', stream, code: 'WRIKE_HIDDEN_ROWS', message };
}
