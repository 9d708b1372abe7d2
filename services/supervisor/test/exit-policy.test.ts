import { exitPolicy } from '../src/services.ts';

const taps = ['tap-hubspot', 'tap-xero'];
const exit = (code: number | null) => ({ code, signal: code === null ? ('SIGKILL' as const) : null });
const always = { isDemo: false, isInstall: false, isOnce: false, sources: [] };
const once = { ...always, isOnce: true };

describe('what the end of a service means', () => {
  it.each(['scheduler', 'loader', 'dbt-runner', 'tap-xero'])('%s is started again after a crash or a kill', (name) => {
    const actionAfter = exitPolicy(always, taps);

    expect(actionAfter(name, exit(1))).toBe('restart');
    expect(actionAfter(name, exit(null))).toBe('restart');
  });

  it('a wrong configuration of a service that every run needs ends the run', () => {
    expect(exitPolicy(always, taps)('loader', exit(78))).toEqual({ exitCode: 78 });
  });

  it('a tap without credentials stays off while another one runs', () => {
    const actionAfter = exitPolicy(always, taps);

    expect(actionAfter('tap-xero', exit(78))).toBe('off');
    expect(actionAfter('tap-hubspot', exit(78))).toEqual({ exitCode: 78 });
  });

  it('a tap without credentials ends the run that asked for it', () => {
    expect(exitPolicy({ ...always, sources: ['xero'] }, ['tap-xero', 'tap-hubspot'])('tap-xero', exit(78))).toEqual({
      exitCode: 78,
    });
  });

  it.each([0, 1])("the scheduler's exit code %i is that of a run of one cycle", (code) => {
    expect(exitPolicy(once, taps)('scheduler', exit(code))).toEqual({ exitCode: code });
  });

  it('a killed scheduler goes on with its one cycle', () => {
    expect(exitPolicy(once, taps)('scheduler', exit(null))).toBe('restart');
  });
});
