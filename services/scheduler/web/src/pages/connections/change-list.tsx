import { timingText } from '../../parts/timing.ts';
import type { Connection, Source, Timing } from '../../schema.ts';
import { patternsOf, type Selected } from './selection.ts';

export interface Change {
  kind: 'streams' | 'schedule' | 'setting' | 'secret';
  sign: '+' | '−' | '±';
  text: string;
}

interface Compared {
  connection: Connection;
  source: Source;
  before: Selected;
  selected: Selected;
  timing: Timing;
  values: Record<string, string>;
}

/** What differs from what is in force, line by line. */
export function changesOf({ connection, source, before, selected, timing, values }: Compared): Change[] {
  const [old, next] = [new Set(patternsOf(before)), new Set(patternsOf(selected))];
  return [
    ...[...next]
      .filter((pattern) => !old.has(pattern))
      .map((pattern): Change => ({ kind: 'streams', sign: '+', text: patternText(pattern) })),
    ...[...old]
      .filter((pattern) => !next.has(pattern))
      .map((pattern): Change => ({ kind: 'streams', sign: '−', text: patternText(pattern) })),
    ...(JSON.stringify(timing) === JSON.stringify(connection.schedule.timing)
      ? []
      : [
          {
            kind: 'schedule',
            sign: '±',
            text: `${timingText(connection.schedule.timing)} → ${timingText(timing)}`,
          } satisfies Change,
        ]),
    ...source.settings.flatMap((field): Change[] => {
      const text = (values[field.name] ?? '').trim();
      if (field.isSecret)
        return text === '' ? [] : [{ kind: 'secret', sign: '±', text: `${field.label}: another one` }];
      const was = connection.settings[field.name];
      const wasText = was === undefined || was === null ? '' : Array.isArray(was) ? was.join(', ') : String(was);
      return text === wasText
        ? []
        : [{ kind: 'setting', sign: '±', text: `${field.label}: ${wasText || 'not set'} → ${text || 'not set'}` }];
    }),
  ];
}

const patternText = (pattern: string) =>
  pattern.startsWith('!') ? `without field ${pattern.slice(1)}` : `stream ${pattern}`;

export function ChangeList({ changes }: { changes: Change[] }) {
  return (
    <ul class="changes">
      {changes.map(({ sign, text }) => (
        <li key={`${sign}${text}`} class={sign === '+' ? 'ok' : sign === '−' ? 'fail' : ''}>
          <code>
            {sign} {text}
          </code>
        </li>
      ))}
    </ul>
  );
}
