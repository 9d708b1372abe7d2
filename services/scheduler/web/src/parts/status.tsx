import type { ComponentChildren } from 'preact';
import type { State } from '../schema.ts';
import { Icon } from './icon.tsx';
import type { IconName } from './icon-names.ts';

export type Tone = 'ok' | 'run' | 'wait' | 'warn' | 'fail' | 'idle';

interface Look {
  tone: Tone;
  icon: IconName;
}

const TONES: Record<Tone, IconName> = {
  ok: 'circle-check',
  run: 'loader-circle',
  wait: 'hourglass',
  warn: 'triangle-alert',
  fail: 'octagon-x',
  idle: 'circle-dashed',
};

/** States of runs, tasks and streams: the shapes differ too, for those who do not see the colours. */
const STATES: Record<State, Look> = {
  queued: { tone: 'idle', icon: 'circle-dashed' },
  reading: { tone: 'run', icon: 'loader-circle' },
  waiting: { tone: 'wait', icon: 'hourglass' },
  loading: { tone: 'run', icon: 'circle-arrow-down' },
  loaded: { tone: 'ok', icon: 'circle-check' },
  incomplete: { tone: 'warn', icon: 'triangle-alert' },
  failed: { tone: 'fail', icon: 'octagon-x' },
  cancelled: { tone: 'idle', icon: 'circle-slash' },
  paused: { tone: 'idle', icon: 'circle-pause' },
};

interface StatusProps {
  children: ComponentChildren;
  isPill?: boolean;
  isQuiet?: boolean;
}

/** Icon, word and colour. */
export function Status({ tone, icon, isPill, isQuiet, children }: StatusProps & { tone: Tone; icon?: IconName }) {
  const name = icon ?? TONES[tone];
  return (
    <span class={`st ${isQuiet ? 'idle' : tone} ${isPill ? 'pill' : ''}`}>
      <Icon name={name} class={name === 'loader-circle' ? 'spin' : ''} />
      {children}
    </span>
  );
}

/** The same for a state of the API. What went well is grey in lists: colour is for what deviates. */
export function StateStatus({
  state,
  children,
  ...rest
}: Omit<StatusProps, 'children'> & { state: State; children?: ComponentChildren }) {
  const { tone, icon } = STATES[state];
  return (
    <Status tone={tone} icon={icon} {...rest}>
      {children ?? capitalised(state)}
    </Status>
  );
}

function capitalised(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
