import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { pageTitle } from '../title.ts';
import { Icon } from './icon.tsx';

interface PageHeadProps {
  title: string;
  /** Of the window, where it says more than the heading. */
  windowTitle?: string;
  crumbs?: { label: string; href: string }[];
  /** Beside the heading. */
  status?: ComponentChildren;
  meta?: ComponentChildren;
  /** Buttons. */
  children?: ComponentChildren;
}

/** The top of every page but Now: where one is, what it is, what can be done. */
export function PageHead({ title, windowTitle, crumbs = [], status, meta, children }: PageHeadProps) {
  useTitle(windowTitle ?? title);
  return (
    <div class="head">
      <div class="grow">
        {crumbs.length > 0 && (
          <nav class="crumbs" aria-label="Where you are">
            {crumbs.map(({ label, href }, index) => (
              <span key={href} class="crumb">
                {index > 0 && <Icon name="chevron-right" />}
                <a href={href}>{label}</a>
              </span>
            ))}
          </nav>
        )}
        <div class="btns">
          <h1 tabIndex={-1}>{title}</h1>
          {status}
        </div>
        {meta !== undefined && <div class="meta">{meta}</div>}
      </div>
      {children !== undefined && <div class="btns">{children}</div>}
    </div>
  );
}

/** The window's title while this page is open. */
export function useTitle(title: string): void {
  useEffect(() => {
    pageTitle.value = title;
  }, [title]);
}
