import type { Failure } from '@pipeline/protocol';
import { createTroubles } from '../src/troubles.ts';

const FULL: Failure = { name: 'database_disk_full', code: '53100', text: 'could not extend file' };
const START = Date.parse('2026-01-01T00:00:00Z');

describe('the troubles of the scheduler', () => {
  const at = (seconds: number) => {
    now = new Date(START + seconds * 1_000);
  };
  let now = new Date(START);

  it('are an alert within 30 seconds, which says whose disk, since when, what waits and that nothing is lost', () => {
    at(0);
    const troubles = createTroubles(() => now);
    for (let second = 0; second <= 25; second += 5) {
      at(second);
      troubles.of('the schedule')(FULL);
      troubles.of('commands and events')(FULL);
      if (second < 20) expect(troubles.alerts()).toEqual([]);
    }
    expect(troubles.alerts()).toEqual([
      {
        kind: 'waiting',
        subject: 'PostgreSQL',
        code: '53100',
        since: new Date(START),
        message:
          "PostgreSQL's disk is full (53100): the schedule, commands and events wait, and so does everything that is to be written",
        remedy: 'give the server of PostgreSQL room; nothing is lost, and everything goes on by itself afterwards',
      },
    ]);
  });

  it('are gone by themselves', () => {
    at(0);
    const troubles = createTroubles(() => now);
    for (let second = 0; second <= 60; second += 5) {
      at(second);
      troubles.of('the schedule')(FULL);
    }
    expect(troubles.alerts()).toHaveLength(1);
    at(76);
    expect(troubles.alerts()).toEqual([]);
    troubles.of('the schedule')(FULL);
    expect(troubles.alerts()).toEqual([]);
  });
});
