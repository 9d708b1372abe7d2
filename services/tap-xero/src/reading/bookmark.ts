import { type Bookmark, isJsonObject, type Json } from '@pipeline/singer';

/** Where the reads of one organisation stand. Instants are ISO 8601. */
export interface TenantState {
  /** Up to here everything is read. Undefined: never read to the end. */
  readTo?: string | undefined;
  /** When it was last read. */
  readAt?: string | undefined;
  /** When what changes without a modified date was last read again. */
  refreshedAt?: string | undefined;
  /** Where an interrupted read of everything goes on. */
  position?: Position | undefined;
}

export interface Position {
  /** Start of the whole read: what changed since then is read after it. */
  startedAt: string;
  /** The last page that is loaded. */
  page: number;
}

const POSITION_MAX_MS = 14 * 86_400_000;

/** The bookmark of a stream: the replication key holds the instant (or number) up to which every organisation is read, so that an operator can
 *  move it back; below `tenants` each organisation has its own, below `position` the place where an interrupted first read goes on. */
export function tenantState(bookmark: Bookmark | undefined, key: string, tenant: string, now: string): TenantState {
  const own = textsOf(objectIn(bookmark, 'tenants')[tenant]);
  const position = objectIn(bookmark, 'position')[tenant];
  const moved = bookmark?.[key];
  const isFirst = own['readTo'] === undefined;
  return {
    readTo: own['readTo'] === undefined ? undefined : earlier(own['readTo'], moved),
    readAt: own['readAt'],
    refreshedAt: own['refreshedAt'],
    position: usable(positionOf(position), isFirst, now),
  };
}

/** The bookmark with another state of one organisation. */
export function withTenant(bookmark: Bookmark, key: string, tenant: string, state: TenantState): Bookmark {
  const { position, ...instants } = state;
  const tenants = { ...objectIn(bookmark, 'tenants'), [tenant]: defined(instants) };
  const { [tenant]: _old, ...others } = objectIn(bookmark, 'position');
  const positions = position === undefined ? others : { ...others, [tenant]: { ...position } };
  const { position: _position, [key]: _key, ...rest } = bookmark;
  const readTo = Object.values(tenants).map((one) => textsOf(one)['readTo']);
  const lowest = readTo.reduce<string | undefined>(
    (low, one) => (low === undefined ? one : earlier(low, one)),
    undefined,
  );
  return {
    ...rest,
    tenants,
    ...(lowest === undefined || readTo.includes(undefined) ? {} : { [key]: lowest }),
    ...(Object.keys(positions).length === 0 ? {} : { position: positions }),
  };
}

function earlier(instant: string, other: Json | undefined): string {
  if (typeof other !== 'string' || Number.isNaN(Date.parse(other))) return instant;
  return Date.parse(other) < Date.parse(instant) ? other : instant;
}

/** A first read goes on after any time. A later one is begun again if it lay still for too long: what it had seen is old. */
function usable(position: Position | undefined, isFirst: boolean, now: string): Position | undefined {
  const isOld = position !== undefined && Date.parse(now) - Date.parse(position.startedAt) > POSITION_MAX_MS;
  return isOld && !isFirst ? undefined : position;
}

function positionOf(value: Json | undefined): Position | undefined {
  if (!isJsonObject(value)) return undefined;
  const { startedAt, page } = value;
  return typeof startedAt === 'string' && typeof page === 'number' ? { startedAt, page } : undefined;
}

function objectIn(bookmark: Bookmark | undefined, name: string): Record<string, Json | undefined> {
  const value = bookmark?.[name];
  return isJsonObject(value) ? value : {};
}

function textsOf(value: Json | undefined): Record<string, string | undefined> {
  if (!isJsonObject(value)) return {};
  return Object.fromEntries(
    Object.entries(value).map(([name, text]) => [name, typeof text === 'string' ? text : undefined]),
  );
}

function defined(state: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(Object.entries(state).filter((entry): entry is [string, string] => entry[1] !== undefined));
}
