import { formatCount, formatDuration } from '@pipeline/protocol/format';
import { read, send } from '../api.ts';
import type { ColumnsAllowed, Requested, Stream, StreamChange, StreamItem } from '../schema.ts';
import type { Command } from './action.tsx';

type Subject = Pick<StreamItem, 'connection' | 'stream' | 'rows' | 'bookmark' | 'code'> &
  Partial<Pick<Stream, 'expectedSeconds' | 'backfillRefusal'>>;

const pathOf = ({ connection, stream }: Subject) => `/api/streams/${connection}/${stream}`;

/** What can be asked of a stream. The same texts in its row, on its page and in the search.
 *  @param isNamed where the stream is not plain from the place of the button */
export function streamCommands(subject: Subject, isNamed: boolean): Command[] {
  const name = `${subject.connection}.${subject.stream}`;
  const label = (verb: string) => (isNamed ? `${verb} ${name}` : verb);
  return [
    {
      label: label('Run'),
      icon: 'play',
      run: async () => (await send<Requested>('POST', `${pathOf(subject)}/run`)).message,
    },
    {
      label: `${label('Refresh')}…`,
      icon: 'refresh-cw',
      question: () => ({ title: `Refresh ${name}?`, label: 'Refresh', body: refreshCost(subject) }),
      run: async () => (await send<StreamChange>('POST', `${pathOf(subject)}/refresh`, {})).message,
    },
    ...(subject.code === 'TOO_MANY_NEW_COLUMNS' ? [allowColumns(subject, label('Allow columns'))] : []),
    ...(subject.backfillRefusal == null ? [backfill(subject, label('Backfill'))] : []),
    {
      label: `${label('Reset bookmark')}…`,
      icon: 'history',
      question: () => ({
        title: `Forget the bookmark of ${name}?`,
        label: 'Forget it',
        isDanger: true,
        expect: subject.stream,
        body: <p>The next read is the stream's first one again: all of {about(subject)}. No row of the table goes.</p>,
      }),
      run: async () =>
        (await send<StreamChange>('DELETE', `${pathOf(subject)}/state`, { expected: subject.stream })).message,
    },
  ];
}

function allowColumns(subject: Subject, label: string): Command {
  return {
    label: `${label}…`,
    icon: 'check',
    question: () => ({
      title: `Allow the new columns of ${subject.connection}.${subject.stream}?`,
      label: 'Allow them',
      body: (
        <p>Its table gets all of them with the next run, which is asked for. Columns do not go away by themselves.</p>
      ),
    }),
    run: async () => (await send<ColumnsAllowed>('POST', `${pathOf(subject)}/allow-columns`)).message,
  };
}

function backfill(subject: Subject, label: string): Command {
  const name = `${subject.connection}.${subject.stream}`;
  return {
    label: `${label}…`,
    icon: 'history',
    question: () => ({
      title: `Backfill ${name}?`,
      label: 'Backfill',
      body: (
        <p>
          Reads again what changed since a day
          {subject.bookmark === null ? (
            ''
          ) : (
            <>
              ; the bookmark is at <code>{subject.bookmark}</code> now
            </>
          )}
          . A read that is running ends and starts again.
        </p>
      ),
      input: { label: 'Everything that changed since', isDate: true },
    }),
    run: async (from) => {
      const stream = await read<Stream>(pathOf(subject));
      if (stream.backfillRefusal !== null) throw new Error(stream.backfillRefusal);
      return (await send<StreamChange>('POST', `${pathOf(subject)}/backfill`, { from })).message;
    },
  };
}

function about({ rows }: Subject): string {
  return rows === null ? 'its rows' : `about ${formatCount(rows, 'row')}`;
}

function refreshCost(subject: Subject) {
  const takes = subject.expectedSeconds;
  return (
    <>
      <p>
        Reads all of {about(subject)} again, with its child tables
        {takes == null ? '' : `: about ${formatDuration(takes * 1_000)}`}. The bookmark stays. What the source no longer
        has is marked deleted, unless it is most of the table.
      </p>
      <p>A read that is running ends and starts again.</p>
    </>
  );
}
