import { cycleTable } from '../src/cycle-report.ts';

describe('cycleTable', () => {
  const deals = {
    pipeline: 'pipeline_hubspot_to_postgres',
    stream: 'deals',
    status: 'loaded' as const,
    rowsRead: 200,
    rowsLoaded: 199,
    rowsRejected: 1,
    seconds: 3.21,
    error: null,
  };

  it('has a line for each stream, then what dbt did', () => {
    const lines = cycleTable([deals], {
      nodes: [
        { uniqueId: 'model.a', status: 'success', seconds: 0.5, message: 'CREATE VIEW' },
        { uniqueId: 'test.b', status: 'fail', seconds: 0.25, message: 'got 3 results' },
      ],
      seconds: 0.61,
    });
    expect(lines.find((line) => line.includes('deals'))).toMatch(/loaded.+200.+199.+1.+3\.2/);
    expect(lines).toContain('dbt: 2 nodes, 1 success, 1 fail, 0.6 s');
    expect(lines).toContain('dbt fail test.b: got 3 results');
  });

  it('tells why a stream failed, and that dbt did not run', () => {
    const lines = cycleTable([{ ...deals, status: 'failed', seconds: null, error: 'the token was refused' }], {
      nodes: [],
      seconds: null,
    });
    expect(lines).toContain('deals: the token was refused');
    expect(lines).toContain('dbt: no build');
  });
});
