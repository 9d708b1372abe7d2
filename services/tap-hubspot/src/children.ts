import type { JsonObject } from '@pipeline/singer';
import type { HttpClient, StreamShape } from '@pipeline/tap-kit';
import type { ChildrenRead } from './reading.ts';
import type { HubspotSettings } from './settings.ts';

/** A child stream: rows of which HubSpot tells only when asked for their parents. */
export interface Children {
  shape: StreamShape;
  /** Child column to parent column. */
  parentKey: Record<string, string>;
  /** Most parents in one call of {@link Children.read}. */
  parentsMax: number;
  /** All children of these parents. */
  read: (http: HttpClient, parentIds: readonly string[]) => Promise<JsonObject[]>;
}

/** Requests for all parents' ids and children that are always affordable: about 10 seconds of the smallest plan's allowance. */
const CALLS_ALWAYS = 100;
/** What reading all children may take of the day's allowance: a fifth of the smallest plan's 250,000 requests. */
const CALLS_PER_MINUTE = 35;
const PARENTS_PER_LIST_CALL = 100;

/** Whether all children are to be read, not only those of changed parents. An association can change without a sign on either object, so this
 *  is done as often as the number of parents allows. */
export function areChildrenDue(
  last: ChildrenRead | undefined,
  options: { parentsMax: number; now: string; settings: Pick<HubspotSettings, 'associations_refresh_minutes'> },
): boolean {
  if (last === undefined) return true;
  const calls = Math.ceil(last.parents / PARENTS_PER_LIST_CALL) + Math.ceil(last.parents / options.parentsMax);
  const minutes = calls <= CALLS_ALWAYS ? 0 : calls / CALLS_PER_MINUTE;
  const agreed = options.settings.associations_refresh_minutes ?? minutes;
  return Date.parse(options.now) - Date.parse(last.read_at) >= agreed * 60_000;
}
