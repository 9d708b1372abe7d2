import { useState } from 'preact/hooks';
import { Icon } from './icon.tsx';

const SHOWN_MS = 2_000;

/** Copies a text. The clipboard of the browser needs HTTPS; the old way works everywhere. */
function copy(text: string): boolean {
  const area = document.createElement('textarea');
  area.value = text;
  area.className = 'vh';
  // Inside an open dialog nothing outside of it can be selected.
  (document.querySelector('dialog[open]') ?? document.body).append(area);
  area.select();
  const isCopied = document.execCommand('copy');
  area.remove();
  return isCopied;
}

/** @param text made only when it is pressed */
export function CopyButton({ label, text, isIcon }: { label: string; text: () => string; isIcon?: boolean }) {
  const [said, say] = useState<string>();
  const press = () => {
    say(copy(text()) ? 'Copied' : 'Select it and press Ctrl C');
    setTimeout(() => say(undefined), SHOWN_MS);
  };
  return (
    <button
      class={`btn ${isIcon ? 'ghost icon' : ''}`}
      type="button"
      aria-label={isIcon ? label : undefined}
      onClick={press}
    >
      <Icon name={said === 'Copied' ? 'check' : 'copy'} />
      {isIcon ? (
        <span class="vh" role="status">
          {said}
        </span>
      ) : (
        (said ?? label)
      )}
    </button>
  );
}
