import type { ComponentChildren } from 'preact';

/** The heading of a column. One that is hidden is only read aloud; the cells of one with a class have it too. */
export type Heading = string | { text: string; class?: 'num' | 'wide'; isHidden?: boolean };

/** A table inside a card, which scrolls by itself where it is too wide.
 *  @param isStacked on a phone each row is a block of lines instead: for names and values that are long */
export function RowsTable({
  headings,
  isStacked = false,
  children,
}: {
  headings: Heading[];
  isStacked?: boolean;
  children: ComponentChildren;
}) {
  return (
    <div class="scroll">
      <table class={isStacked ? 'hover stacked' : 'hover'}>
        <thead>
          <tr>
            {headings
              .map((heading) => (typeof heading === 'string' ? { text: heading } : heading))
              .map(({ text, class: style, isHidden = false }) => (
                <th key={text} class={style}>
                  {isHidden ? <span class="vh">{text}</span> : text}
                </th>
              ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}

export const ACTIONS: Heading = { text: 'Actions', isHidden: true };
