import type { IconName } from './icon-names.ts';

/** A picture beside a word: it says nothing by itself to a screen reader. */
export function Icon({ name, class: classes = '' }: { name: IconName; class?: string }) {
  return (
    <svg class={`i ${classes}`} aria-hidden="true">
      <use href={`#i-${name}`} />
    </svg>
  );
}
