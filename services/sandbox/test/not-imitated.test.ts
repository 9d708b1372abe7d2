import { NotImitated } from '../src/not-imitated.ts';

describe('what is not imitated', () => {
  it('lists each thing once with the number of times', () => {
    const notImitated = new NotImitated();
    notImitated.add('hubspot', 'GET /a: parameter x');
    notImitated.add('hubspot', 'GET /a: parameter x');
    notImitated.add('wrike', 'GET /a: parameter x');
    expect(notImitated.list()).toEqual([
      { source: 'hubspot', what: 'GET /a: parameter x', times: 2 },
      { source: 'wrike', what: 'GET /a: parameter x', times: 1 },
    ]);
  });

  it('counts further things together once the list is full', () => {
    const notImitated = new NotImitated();
    for (let index = 0; index < 210; index += 1) notImitated.add('xero', `parameter ${index}`);
    expect(notImitated.list()).toHaveLength(201);
    expect(notImitated.list().at(-1)).toEqual({ source: 'xero', what: 'others', times: 10 });
  });
});
