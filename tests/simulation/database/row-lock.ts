/** Row locks as PostgreSQL has them, weakest first. */
export type LockMode = 'key share' | 'share' | 'no key update' | 'update';

export interface Lock {
  mode: LockMode;
  skipLocked: boolean;
}

/** https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-ROWS */
const CONFLICTS: Record<LockMode, readonly LockMode[]> = {
  'key share': ['update'],
  share: ['no key update', 'update'],
  'no key update': ['share', 'no key update', 'update'],
  update: ['key share', 'share', 'no key update', 'update'],
};
const STRENGTH: LockMode[] = ['key share', 'share', 'no key update', 'update'];

export function conflicts(one: LockMode, other: LockMode): boolean {
  return CONFLICTS[one].includes(other);
}

export function stronger(one: LockMode | undefined, other: LockMode): LockMode {
  return one !== undefined && STRENGTH.indexOf(one) > STRENGTH.indexOf(other) ? one : other;
}

const CLAUSE = / for (?<mode>key share|share|no key update|update)(?: of \w+)?(?<skip> skip locked)?$/;

/** The locking clause at the end of a statement: what the production code writes is what is locked. */
export function lockOf(statement: string): Lock | undefined {
  const clause = CLAUSE.exec(statement);
  const mode = STRENGTH.find((candidate) => candidate === clause?.groups?.['mode']);
  return mode === undefined ? undefined : { mode, skipLocked: clause?.groups?.['skip'] !== undefined };
}
