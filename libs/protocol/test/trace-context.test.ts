import { cycleTrace, formatTraceparent, parseTraceparent, runTrace } from '../src/index.ts';

const CYCLE = '0af76519-16cd-43dd-8448-eb211c80319c';
const RUN = 'b7ad6b71-6920-4331-9203-331000000001';

describe('the trace of a cycle', () => {
  it('is told from the ids alone, so that whoever takes over a cycle goes on with it', () => {
    expect(formatTraceparent(cycleTrace(CYCLE))).toBe('00-0af7651916cd43dd8448eb211c80319c-8448eb211c80319c-01');
    expect(formatTraceparent(runTrace(CYCLE, RUN))).toBe('00-0af7651916cd43dd8448eb211c80319c-9203331000000001-01');
  });

  it('travels as a header', () => {
    expect(parseTraceparent(formatTraceparent(runTrace(CYCLE, RUN)))).toEqual(runTrace(CYCLE, RUN));
  });

  it.each([
    undefined,
    '',
    'a',
    '00-0af7651916cd43dd8448eb211c80319c-8448eb211c80319c',
    '00-00000000000000000000000000000000-8448eb211c80319c-01',
    '00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01',
    '01-0AF7651916CD43DD8448EB211C80319C-8448EB211C80319C-01',
  ])('is none in %p', (header) => {
    expect(parseTraceparent(header)).toBeUndefined();
  });
});
