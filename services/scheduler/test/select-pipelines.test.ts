import type { Pipeline } from '@pipeline/control';
import { areDiscovered } from '../src/cycle.ts';
import { selectPipelines } from '../src/select-pipelines.ts';

const pipeline = (source: string, more: Partial<Pipeline> = {}): Pipeline => ({
  name: `pipeline_${source}_to_postgres`,
  source,
  streams: [],
  paused: false,
  requested: false,
  hasOwnSchedule: false,
  isAlive: true,
  ...more,
});

describe('selectPipelines', () => {
  it('leaves out pipelines that have a schedule of their own', () => {
    expect(selectPipelines([pipeline('xero', { hasOwnSchedule: true }), pipeline('wrike')], []).run).toEqual([
      'pipeline_wrike_to_postgres',
    ]);
  });

  it('takes every living pipeline when none is named', () => {
    const { run, missing } = selectPipelines([pipeline('hubspot'), pipeline('xero')], []);
    expect(run).toEqual(['pipeline_hubspot_to_postgres', 'pipeline_xero_to_postgres']);
    expect(missing).toEqual([]);
  });

  it('keeps the order in which pipelines are named, each once', () => {
    const { run } = selectPipelines([pipeline('hubspot'), pipeline('xero')], ['xero', 'hubspot', 'xero']);
    expect(run).toEqual(['pipeline_xero_to_postgres', 'pipeline_hubspot_to_postgres']);
  });

  it('says of a named pipeline without a tap what to do and what there is', () => {
    const { run, missing } = selectPipelines([pipeline('hubspot')], ['wrike', 'hubspot']);
    expect(run).toEqual(['pipeline_hubspot_to_postgres']);
    expect(missing).toEqual([
      {
        name: 'pipeline_wrike_to_postgres',
        reason:
          'no tap-wrike has registered: start it with its credentials, or correct PIPELINE_NAMES (known: pipeline_hubspot_to_postgres)',
      },
    ]);
  });

  it('leaves out a pipeline that is paused, and reports one whose tap has died', () => {
    const { run, missing } = selectPipelines(
      [pipeline('hubspot', { paused: true }), pipeline('xero', { isAlive: false })],
      [],
    );
    expect(run).toEqual([]);
    expect(missing.map(({ name }) => name)).toEqual(['pipeline_xero_to_postgres']);
  });
});

describe('areDiscovered', () => {
  it('waits for every named pipeline', () => {
    expect(areDiscovered([pipeline('hubspot')], ['hubspot', 'xero'])).toBe(false);
    expect(areDiscovered([pipeline('hubspot'), pipeline('xero')], ['hubspot', 'xero'])).toBe(true);
  });

  it('waits for any living pipeline when none is named', () => {
    expect(areDiscovered([], [])).toBe(false);
    expect(areDiscovered([pipeline('hubspot', { isAlive: false })], [])).toBe(false);
    expect(areDiscovered([pipeline('hubspot')], [])).toBe(true);
  });
});
