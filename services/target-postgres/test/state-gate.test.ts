import fc from 'fast-check';
import { StateGate } from '../src/state-gate.ts';

test('a STATE waits for what came before it, in every stream', () => {
  const gate = new StateGate();
  const [a, b] = [{}, {}];
  gate.open(a, 1);
  gate.open(b, 2);
  gate.state(3, 'after both');
  gate.close(a);
  expect(gate.take()).toBeUndefined();
  gate.close(b);
  expect(gate.take()).toEqual({ value: 'after both' });
});

test('a STATE does not wait for what came after it', () => {
  const gate = new StateGate();
  gate.state(1, 'first');
  gate.open({}, 2);
  gate.state(3, 'second');
  expect(gate.take()).toEqual({ value: 'first' });
  expect(gate.take()).toBeUndefined();
});

test('of several STATEs that are covered only the newest is told', () => {
  const gate = new StateGate();
  gate.state(1, 'old');
  gate.state(2, 'new');
  expect(gate.take()).toEqual({ value: 'new' });
});

test('what is partly committed holds back from there on', () => {
  const gate = new StateGate();
  const batch = {};
  gate.open(batch, 1);
  gate.state(2, 'before the broken line');
  gate.state(9, 'after it');
  gate.advance(batch, 5);
  expect(gate.take()).toEqual({ value: 'before the broken line' });
  expect(gate.take()).toBeUndefined();
});

/** Lines are records of one of three streams or STATEs; batches of a stream commit in any order. */
const step = fc.oneof(
  fc.record({ do: fc.constant('record' as const), stream: fc.nat(2) }),
  fc.record({ do: fc.constant('state' as const) }),
  fc.record({ do: fc.constant('cut' as const), stream: fc.nat(2) }),
  fc.record({ do: fc.constant('commit' as const), batch: fc.nat(5) }),
);

test('whatever is cut and committed in whatever order, no STATE is told before a record that came before it', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const gate = new StateGate();
      const pending = [0, 1, 2].map(() => ({ lines: [] as number[] }));
      const batches: { lines: number[] }[] = [];
      for (const [line, action] of steps.entries()) {
        if (action.do === 'state') gate.state(line, line);
        else if (action.do === 'commit') {
          const [batch] = batches.splice(action.batch, 1);
          if (batch !== undefined) gate.close(batch);
        } else {
          const stream = pending[action.stream];
          if (stream === undefined) throw new RangeError('no such stream');
          if (action.do === 'record') {
            gate.open(stream, line);
            stream.lines.push(line);
          } else if (stream.lines.length > 0) {
            const batch = { lines: stream.lines };
            gate.open(batch, stream.lines[0] ?? line);
            gate.close(stream);
            stream.lines = [];
            batches.push(batch);
          }
        }
        const told = gate.take();
        const uncommitted = [...pending, ...batches].flatMap(({ lines }) => lines);
        if (told !== undefined) expect(Math.min(...uncommitted)).toBeGreaterThan(Number(told.value));
      }
    }),
    { numRuns: 3_000 },
  );
});
