import { useLocation } from 'preact-iso';
import type { Source } from '../../schema.ts';
import { changeDraft, draft } from './draft.ts';
import { selectedOf } from './selection.ts';
import { StreamPicker } from './stream-picker.tsx';
import { runsPerDay } from './timing-field.tsx';

/** Which tables there will be. The useful ones are ticked. */
export function StreamsStep({ source }: { source: Source }) {
  const { route } = useLocation();
  const check = draft.value?.check ?? null;
  const unreadable = new Set(check?.streams.filter(({ isReadable }) => !isReadable).map(({ stream }) => stream));
  const selected =
    draft.value?.selected ?? new Map([...selectedOf(source.streams, null)].filter(([name]) => !unreadable.has(name)));
  return (
    <>
      <StreamPicker
        source={source}
        check={check}
        selected={selected}
        change={(next) => changeDraft({ selected: next })}
        runsPerDay={draft.value === undefined ? null : runsPerDay(draft.value.timing)}
      />
      <div class="btns foot-bar">
        <a class="btn" href="/connections/new/check">
          Back
        </a>
        <button
          class="btn primary"
          type="button"
          disabled={selected.size === 0}
          onClick={() => {
            changeDraft({ selected });
            route('/connections/new/target');
          }}
        >
          Where and when
        </button>
      </div>
    </>
  );
}
