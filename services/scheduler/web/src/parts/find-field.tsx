import { useEffect, useRef, useState } from 'preact/hooks';
import { Icon } from './icon.tsx';

const PAUSE_MS = 250;

/** A filter that is applied when the person stops to type. */
export function FindField({ label, value, change }: { label: string; value: string; change: (text: string) => void }) {
  const [text, setText] = useState(value);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  // Cleared by a link, or brought by the address.
  useEffect(() => setText(value), [value]);
  useEffect(() => () => clearTimeout(timer.current), []);
  return (
    <label class="input find">
      <Icon name="search" />
      <input
        type="search"
        placeholder={label}
        aria-label={label}
        value={text}
        onInput={(event) => {
          const typed = event.currentTarget.value;
          setText(typed);
          clearTimeout(timer.current);
          timer.current = setTimeout(() => change(typed.trim()), PAUSE_MS);
        }}
      />
      <kbd>/</kbd>
    </label>
  );
}
