import { randomUUID } from 'node:crypto';
import { HistoryEvent } from '@pipeline/probe';
import { checkHistory, type HistoryFinding } from '../src/history-checker.ts';

const TASK = randomUUID();

/** `tap publish 7/0`: a process, an event, a batch and, where it matters, its content. `tap claim 7`, `loader finalise 7`. */
function events(lines: string[]): HistoryEvent[] {
  return lines.map((line) => {
    const [process, event, batch = '', content = 'a'] = line.split(' ');
    const [epoch, seq] = batch.split('/').map(Number);
    const common = { at: new Date(0).toISOString(), process, event, task: TASK, epoch };
    return HistoryEvent.parse({ ...common, outcome: 'loaded', seq, stream: 'deals', sha256: content, rows: 10 });
  });
}

/** Batches of the ledger, as `7/0` or, with another content, `7/0 b`. */
function check(lines: string[], { ledger, loaded = [] }: { ledger: string[]; loaded?: number[] }) {
  const entries = ledger.map((line) => {
    const [batch = '', content = 'a'] = line.split(' ');
    const [epoch = 0, seq = 0] = batch.split('/').map(Number);
    return { epoch, seq, sha256: content };
  });
  return checkHistory(events(lines), { ledger: entries, loadedEpochs: loaded });
}

const loadedBy = (loader: string, batch: string) =>
  ['deliver', 'load', 'commit', 'ack'].map((event) => `${loader} ${event} ${batch}`);
const published = (batch: string) => ['publish', 'confirm'].map((event) => `tap ${event} ${batch}`);

/** A tap dies and its late batch is fenced, a confirm is lost, a loader dies between commit and note, another before its ack. */
const CLEAN = [
  'tap claim 7',
  ...published('7/0'),
  'tap publish 7/1',
  ...loadedBy('loader', '7/0'),
  'tap-2 claim 8',
  ...['loader deliver 7/1', 'loader fence 7/1', 'loader ack 7/1'],
  ...['tap-2 publish 8/0', 'tap-2 publish 8/0', 'tap-2 confirm 8/0'],
  ...['loader deliver 8/0', 'loader load 8/0'],
  ...['loader-2 deliver 8/0', 'loader-2 known 8/0', 'loader-2 ack 8/0'],
  ...['tap-2 publish 8/1', 'tap-2 confirm 8/1'],
  ...['loader-3 deliver 8/1', 'loader-3 load 8/1', 'loader-3 commit 8/1'],
  ...['loader-2 deliver 8/1', 'loader-2 deliver 8/1', 'loader-2 known 8/1', 'loader-2 ack 8/1'],
  ...['loader-2 known 8/1', 'loader-2 ack 8/1'],
  'loader-2 finalise 8',
];

describe('a history without a fault', () => {
  const report = check(CLEAN, { ledger: ['7/0', '8/0', '8/1'], loaded: [8] });

  it('has no finding, whatever died on the way', () => {
    expect(report.findings).toEqual([]);
  });

  it('is counted', () => {
    expect(report.counts).toEqual({
      attempts: 2,
      published: 4,
      confirmed: 3,
      delivered: 4,
      redelivered: 3,
      committed: 3,
      rows: 30,
      fenced: 1,
      acked: 4,
    });
  });
});

/** Attempt 7 in full, then attempt 8 of the same task begins. */
const LATER_CLAIM = ['tap claim 7', ...published('7/0'), 'loader deliver 7/0', 'tap-2 claim 8'];

type Case = [what: string, lines: string[], final: { ledger: string[]; loaded?: number[] }];

const FAULTS: Record<HistoryFinding['kind'], Case[]> = {
  lost: [
    ['confirmed, its attempt loaded, and not in the ledger', published('7/0'), { ledger: [], loaded: [7] }],
    ['the same, by the word of the finaliser', [...published('7/0'), 'loader finalise 7'], { ledger: [] }],
    ['committed and not in the ledger', [...published('7/0'), ...loadedBy('loader', '7/0')], { ledger: [] }],
  ],
  duplicated: [
    [
      'two loaders have committed it',
      [...published('7/0'), ...loadedBy('loader', '7/0'), ...loadedBy('loader-2', '7/0')],
      { ledger: ['7/0'] },
    ],
    ['it is in the ledger twice', [...published('7/0'), ...loadedBy('loader', '7/0')], { ledger: ['7/0', '7/0'] }],
  ],
  stale: [
    [
      'committed after a later claim',
      [...LATER_CLAIM, 'loader load 7/0', 'loader commit 7/0', 'loader ack 7/0'],
      { ledger: ['7/0'] },
    ],
    ['the same, when the loader died before its note', [...LATER_CLAIM, 'loader load 7/0'], { ledger: ['7/0'] }],
  ],
  unexpected: [
    ['nobody has published what arrived', ['loader deliver 7/0'], { ledger: [] }],
    ['nobody has published what is in the ledger', [], { ledger: ['7/0'] }],
    ['it has two contents', [...published('7/0'), 'tap publish 7/0 b'], { ledger: [] }],
    ['the ledger has another content', [...published('7/0'), ...loadedBy('loader', '7/0')], { ledger: ['7/0 b'] }],
  ],
  'early ack': [
    [
      'acked before the commit',
      [...published('7/0'), 'loader deliver 7/0', 'loader ack 7/0', 'loader load 7/0', 'loader commit 7/0'],
      { ledger: ['7/0'] },
    ],
    [
      'acked by a loader that knew nothing of the commit of another',
      [...published('7/0'), ...loadedBy('loader', '7/0'), 'loader-2 deliver 7/0', 'loader-2 ack 7/0'],
      { ledger: ['7/0'] },
    ],
  ],
};

describe.each(Object.entries(FAULTS))('%s', (kind, cases) => {
  it.each(cases)('is found: %s', (_, lines, final) => {
    expect(check(lines, final).findings).toEqual([{ kind, batch: '7/0' }]);
  });
});

describe('what a history does not prove', () => {
  const CASES: Case[] = [
    ['a confirmed batch of an attempt that was given up is not lost', published('7/0'), { ledger: [] }],
    ['a batch that the broker never confirmed is not lost', ['tap publish 7/0'], { ledger: [], loaded: [7] }],
    [
      'a commit that was noted after a later claim, but may have been before it, is not stale',
      [...LATER_CLAIM.slice(0, -1), 'loader load 7/0', 'tap-2 claim 8', 'loader commit 7/0', 'loader ack 7/0'],
      { ledger: ['7/0'] },
    ],
    [
      'a load behind a later claim that was not committed is not stale',
      [...LATER_CLAIM, 'loader load 7/0'],
      { ledger: [] },
    ],
    [
      'a dead letter that is archived and then acked was not acked early',
      [...published('7/0'), 'scheduler deliver 7/0', 'scheduler archive 7/0', 'scheduler ack 7/0'],
      { ledger: [] },
    ],
  ];
  it.each(CASES)('%s', (_, lines, final) => {
    expect(check(lines, final).findings).toEqual([]);
  });
});
