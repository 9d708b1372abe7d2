import { z } from 'zod';

const Lock = z.object({
  packages: z.record(
    z.string(),
    z.object({
      version: z.string().optional(),
      link: z.boolean().optional(),
      hasInstallScript: z.boolean().optional(),
    }),
  ),
});
const Audit = z.object({
  vulnerabilities: z.record(z.string(), z.object({ severity: z.string(), range: z.string().optional() })),
});
const AuditError = z.object({ message: z.string().catch('no reason given') });
const FAILING = ['high', 'critical'];
const DAY_MS = 24 * 3_600_000;

interface Package {
  name: string;
  version: string;
}

/** Packages of a lock file whose install script nobody has named. A name that ends with `/` is a scope. */
export function scriptsOutside(lock: string, named: readonly string[]): string[] {
  const { packages } = Lock.parse(JSON.parse(lock));
  const isNamed = (name: string) =>
    named.some((known) => (known.endsWith('/') ? name.startsWith(known) : name === known));
  return Object.entries(packages)
    .filter(([path, { hasInstallScript }]) => path !== '' && hasInstallScript === true)
    .map(([path]) => nameOf(path))
    .filter((name) => !isNamed(name));
}

/** Packages from the registry that one lock file has and the one before had not, in this version. */
export function changedPackages(before: string, after: string): Package[] {
  const known = new Set(installed(before).map(({ name, version }) => `${name}@${version}`));
  return installed(after).filter(({ name, version }) => !known.has(`${name}@${version}`));
}

function installed(lock: string): Package[] {
  return Object.entries(Lock.parse(JSON.parse(lock)).packages).flatMap(([path, { version, link }]) =>
    path.includes('node_modules/') && link !== true && version !== undefined ? [{ name: nameOf(path), version }] : [],
  );
}

/** What `npm view <package> time --json` says of the age of a version. */
export function tooYoung(
  times: string,
  version: string,
  { now, daysMin }: { now: number; daysMin: number },
): 'old enough' | 'young' | 'unknown' {
  const published =
    times === '' ? undefined : z.record(z.string(), z.string()).safeParse(JSON.parse(times)).data?.[version];
  if (published === undefined) return 'unknown';
  return now - Date.parse(published) < daysMin * DAY_MS ? 'young' : 'old enough';
}

/** What `npm audit --json` says: findings that must not be shipped, or that this registry has no audit. */
export function auditVerdict(
  output: string,
): { kind: 'audited'; findings: string[] } | { kind: 'unavailable'; because: string } {
  const json: unknown = output === '' ? {} : JSON.parse(output);
  const audit = Audit.safeParse(json);
  if (!audit.success) return { kind: 'unavailable', because: AuditError.parse(json).message };
  const findings = Object.entries(audit.data.vulnerabilities)
    .filter(([, { severity }]) => FAILING.includes(severity))
    .map(([name, { severity, range }]) => `${name} ${range ?? ''} has a ${severity} weakness`);
  return { kind: 'audited', findings };
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
}
