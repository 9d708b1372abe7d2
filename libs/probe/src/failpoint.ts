const armed = /^(?<name>[a-z_.]+):(?<nth>[1-9]\d{0,5})$/.exec(process.env['FAILPOINT'] ?? '')?.groups;
let passages = 0;

/** A place where a test may kill this process: with `FAILPOINT=loader.before_commit:3` in the environment the third passage
 *  is the last thing it does (SIGKILL, so no handler runs). Otherwise a comparison of two strings. */
export function failpoint(name: string): void {
  if (armed?.['name'] !== name) return;
  passages += 1;
  if (passages === Number(armed['nth'])) process.kill(process.pid, 'SIGKILL');
}
