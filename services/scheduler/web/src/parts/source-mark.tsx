/** The first letter of a source in a box: its name stands beside it. */
export function SourceMark({ label }: { label: string }) {
  return (
    <span class="src" aria-hidden="true">
      {label.charAt(0).toUpperCase()}
    </span>
  );
}
