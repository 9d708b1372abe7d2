import { accessOf, type DiscoverContext, type StreamAccess } from '@pipeline/tap-kit';
import { getPage } from './reading/page.ts';
import type { Settings } from './settings.ts';

/** One cheap request for each stream that a scope, a plan or an add-on may forbid. */
const PROBES: Record<string, string> = {
  contacts: '/contacts?me=true',
  workflows: '/workflows',
  groups: '/groups',
  work_schedules: '/workschedules',
  user_schedule_exclusions: '/user_schedule_exclusions',
  timelog_categories: '/timelog_categories',
  invitations: '/invitations',
  access_roles: '/access_roles',
  placeholders: '/placeholders',
  job_roles: '/jobroles',
  bookings: '/bookings',
  timesheets: '/timesheets',
  hourly_rates: '/hourly_rates',
  audit_log: '/audit_log?pageSize=1',
};

/** What these credentials may read of the streams that not every account has. */
export async function streamAccess({ http }: DiscoverContext<Settings>): Promise<StreamAccess[]> {
  const found: StreamAccess[] = [];
  for (const [stream, address] of Object.entries(PROBES)) {
    const [path = '', query] = address.split('?');
    found.push(await accessOf(stream, () => getPage(http, path, Object.fromEntries(new URLSearchParams(query)))));
  }
  return found;
}
