import type { ComponentChildren } from 'preact';

/** A sign of a drawing, and what it means. */
export function LegendEntry({
  label,
  width,
  height,
  children,
}: {
  label: string;
  width: number;
  height: number;
  children: ComponentChildren;
}) {
  return (
    <span>
      <svg width={width} height={height} aria-hidden="true">
        {children}
      </svg>
      {label}
    </span>
  );
}
