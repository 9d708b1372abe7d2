import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { me, read } from '../api.ts';
import { setServerTime, zoneName } from '../clock.ts';
import { connection, startLive } from '../live.ts';
import { MenuOutcome } from '../parts/action.tsx';
import { Questions } from '../parts/dialog.tsx';
import { Icon } from '../parts/icon.tsx';
import { useResource } from '../queries.ts';
import type { Me, Now } from '../schema.ts';
import { verdict } from '../title.ts';
import { Disconnected } from './disconnected.tsx';
import { KeyList } from './key-list.tsx';
import { useKeys } from './keys.ts';
import { BottomNav, SideNav } from './nav.tsx';
import { Palette } from './palette-lazy.tsx';

/** What stands around every page: navigation, the state of the connection, search and keys. */
export function Shell({ children }: { children: ComponentChildren }) {
  const { path } = useLocation();
  const [overlay, setOverlay] = useState<'search' | 'keys'>();
  const { data: now } = useResource<Now>('/api/now');
  useSession();
  useFocusOfPage(path);
  useKeys(setOverlay);
  useEffect(() => {
    if (now === undefined) return;
    verdict.value = now.verdict;
    setServerTime(now.now);
  }, [now]);
  const search = () => setOverlay('search');
  return (
    <>
      <a class="skip" href="#main">
        Skip to content
      </a>
      <header class="top-bar">
        <Brand />
        <Live />
        <button class="btn ghost icon" type="button" aria-label="Search" onClick={search}>
          <Icon name="search" />
        </button>
        <a class="btn ghost icon" href="/connections" aria-label="Connections">
          <Icon name="plug" />
        </a>
        <a class="btn ghost icon" href="/system" aria-label="System">
          <Icon name="heart-pulse" />
        </a>
      </header>
      <div class="app">
        <aside class="side">
          <Brand />
          <SideNav path={path} counts={now?.counts} search={search} />
          <div class="foot">
            <Live />
            <span>{zoneName.value}</span>
            <a href="/system/access">
              {me.value === undefined
                ? ''
                : me.value.name === me.value.role
                  ? me.value.name
                  : `${me.value.name}, ${me.value.role}`}
            </a>
          </div>
        </aside>
        <main id="main" class="page" tabIndex={-1}>
          <Disconnected />
          {children}
        </main>
      </div>
      <BottomNav path={path} counts={now?.counts} />
      <MenuOutcome />
      <Questions />
      {overlay === 'search' && <Palette close={() => setOverlay(undefined)} />}
      {overlay === 'keys' && <KeyList close={() => setOverlay(undefined)} />}
    </>
  );
}

function Brand() {
  return (
    <a class="brand" href="/">
      <Icon name="mark" />
      pipeline
    </a>
  );
}

function Live() {
  const { state } = connection.value;
  return (
    <span class={`live ${state === 'lost' ? 'off' : ''}`}>
      {state === 'lost' ? 'Not connected' : state === 'live' ? 'Live' : 'Connecting'}
    </span>
  );
}

/** Who this is, and the one connection for events. */
function useSession(): void {
  useEffect(() => {
    startLive();
    void read<Me>('/api/me').then(
      (own) => {
        me.value = own;
      },
      // Not logged in leads to the login; without a connection the next try asks again.
      () => {},
    );
  }, []);
  useEffect(
    () =>
      connection.subscribe(({ state }) => {
        if (state !== 'live' || me.peek() !== undefined) return;
        void read<Me>('/api/me').then(
          (own) => {
            me.value = own;
          },
          () => {},
        );
      }),
    [],
  );
}

/** Another page begins at its heading, for the eye and for a screen reader. */
function useFocusOfPage(path: string): void {
  const isFirst = useRef(true);
  useEffect(() => {
    if (isFirst.current) {
      isFirst.current = false;
      return;
    }
    scrollTo(0, 0);
    const heading = document.querySelector<HTMLElement>('main h1');
    (heading ?? document.getElementById('main'))?.focus({ preventScroll: true });
  }, [path]);
}
