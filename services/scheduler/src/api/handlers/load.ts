import { readLoad } from '@pipeline/control';
import { kept } from '../../observe/kept.ts';
import type { ApiDeps } from '../deps.ts';
import type { Handlers } from '../http/handler.ts';

/** Three hours of minutes, and two hundred cycles: what a curve has pixels for. */
const WINDOW = { minutes: 180, cycles: 200 };
/** However many pages are open, PostgreSQL is asked so often. */
const KEPT_MS = 5_000;

export function loadHandlers({ pool }: ApiDeps): Handlers<'getLoad'> {
  const load = kept(KEPT_MS, () => readLoad(pool, WINDOW));
  return { getLoad: () => load() };
}
