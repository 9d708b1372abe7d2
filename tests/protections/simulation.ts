import type { Protection } from './protection.ts';

/** What the simulation switches off: what keeps the promise, and how the mutation is called there. */
const simulated: [protection: string, mutation: string][] = [
  ['the fence holds the task until the commit', 'the fence does not lock the task'],
  ['the fence compares epochs', 'the fence looks at no epoch'],
  ['the ledger takes a batch once', 'the ledger takes a batch twice'],
  ['the clean-up at claim', 'nothing is cleaned up at the claim'],
  ['the watermark stops at a gap', 'the bookmark follows the newest batch and not the watermark'],
  ['later extraction wins, whatever the order of arrival', 'an older batch replaces what a later one brought'],
  ['only a queued task is claimed', 'a task is claimed whatever its state'],
  ['the claim locks the task', 'the claim does not lock the task'],
  ['finalisers take turns on the attempt', 'finalisers do not take turns'],
  [
    'the lock of an attempt lets the ledger refer to it (`NO KEY`)',
    'whoever ends an attempt locks it also against those who only refer to it',
  ],
  ['the end of a run is decided under its lock', 'tasks that end together do not lock their run'],
  ['schedulers take turns on the cycle', 'schedulers do not take turns'],
  ['the unique index `one_live_cycle`', 'two cycles may live'],
  ['the watchdog of leases', 'nobody looks for dead leases'],
  ['the watchdog of lost batches', 'nobody looks for lost batches'],
  ['commands are sent again', 'nobody sends a lost command again'],
  ["an operator's command ends the live attempt", 'an operator changes a bookmark and lets the attempt go on'],
  ['the sweep finalises what a dead loader left', 'nobody sweeps'],
  ['ack after the commit', 'a batch is acked before it is committed'],
  ['a new attempt has a new epoch', 'a failed read is tried again under the same epoch'],
  ['publishing is mandatory', 'a message that came back counts as published'],
  ['only a complete read proves deletions', 'a read that ended early counts as complete'],
  ['an attempt is finalised apart from its batches', 'a batch finalises its attempt in its own transaction'],
];

export const simulation: Protection[] = [
  ...simulated.map(([protection, mutation]) => ({
    protection,
    file: 'tests/simulation/simulation.test.ts',
    test: 'keeps every promise, whatever fails, and comes to rest',
    mutation,
    listedIn: 'tests/simulation/mutations.ts',
  })),
];
