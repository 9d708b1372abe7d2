import type { Problem } from './problem.ts';

interface AlertRow {
  kind: string;
  subject: string;
  since: Date;
  message: string;
  remedy: string;
  code: string;
}

type Words = Pick<Problem, 'severity' | 'title' | 'effect'> & Partial<Pick<Problem, 'cause' | 'remedy'>>;

const STORES = ['PostgreSQL', 'RabbitMQ'];

/** Titles and effects of the kinds of the view pipeline.alerts, by kind. Cause and remedy are the view's, unless they stand here. */
const WORDS: Record<string, (alert: AlertRow, name: string) => Words> = {
  violation: ({ message }) => ({
    severity: 'fail',
    title: 'An invariant is broken',
    effect: message,
  }),
  no_scheduler: () => ({
    severity: 'fail',
    title: 'No scheduler leads',
    effect: 'no run starts',
  }),
  no_tap: (_, name) => ({
    severity: 'fail',
    title: `The tap of ${name} is not there`,
    effect: `no stream of ${name} is read`,
  }),
  stuck_run: (_, name) => ({
    severity: 'fail',
    title: `The run of ${name} does not move`,
    effect: 'the cycle waits for it',
  }),
  dead_lease: (_, name) => ({
    severity: 'fail',
    title: `An attempt of ${name} has lost its tap`,
    effect: 'its stream is not read',
  }),
  outbox_waiting: () => ({
    severity: 'fail',
    title: 'Commands are not published',
    effect: 'no run starts',
  }),
  broker_blocked: () => ({
    severity: 'fail',
    title: 'RabbitMQ takes no messages',
    effect: 'nothing is read',
  }),
  dead_letters: ({ subject }) => ({
    severity: 'fail',
    title: `Messages of ${subject} could not be handled`,
    effect: 'an attempt may wait for them',
  }),
  rejected_records: ({ message }, name) => ({
    severity: 'warn',
    title: `${/^\d+/.exec(message)?.[0] ?? ''} records of ${name} are set aside`.trim(),
    cause: 'they do not fit their table; all others are loaded',
    remedy: 'Quarantine names what they break: mend it in the source or the table, then retry them',
    effect: `${name} lacks them, or has their older state`,
  }),
  waiting: ({ subject }) => ({
    severity: 'fail',
    title: STORES.includes(subject) ? `${subject} does not take what is written` : `${subject} waits`,
    effect: 'everything waits and goes on by itself',
  }),
  dbt_waiting: () => ({
    severity: 'fail',
    title: 'A dbt build waits and nobody builds it',
    effect: 'the models stay as they are',
  }),
};

/** A row of the view pipeline.alerts as a problem. */
export function describeAlert(alert: AlertRow): Problem {
  const { kind, subject, since, message, remedy, code } = alert;
  const [first = '', stream] = subject.split('/');
  const pipeline = first.startsWith('pipeline_') ? first : null;
  const connection = first.replace(/^pipeline_(.+)_to_postgres$/, '$1');
  const name = stream === undefined ? connection : `${connection}.${stream}`;
  const words = WORDS[kind]?.(alert, name) ?? {
    severity: 'fail',
    title: message,
    effect: '',
  };
  return {
    kind,
    subject,
    code,
    cause: message,
    remedy,
    pipeline,
    stream: stream ?? null,
    runId: null,
    since,
    ...words,
  };
}

function connectAgain({ subject }: { subject: string }) {
  return { label: 'Connect again', href: `/connections/${subject}`, command: `pipeline check ${subject}` };
}

/** What a person presses, by kind. */
const ACTIONS: Record<
  string,
  (
    incident: { subject: string; pipeline: string | null; runId: string | null },
    name: string,
  ) => { label: string; href: string; command: string | null }
> = {
  failed_stream: ({ runId }) => ({
    label: 'Open run',
    href: `/runs/${runId ?? ''}`,
    command: runId === null ? null : `pipeline retry ${runId}`,
  }),
  rejected_records: (_, name) => ({
    label: 'Review',
    href: '/quarantine/rejected',
    command: `pipeline quarantine list ${name}`,
  }),
  dead_letters: () => ({ label: 'Review', href: '/quarantine/dead', command: 'pipeline dead list' }),
  dbt_node: ({ subject }) => ({
    label: 'Look',
    href: `/models?node=${encodeURIComponent(subject)}`,
    command: `pipeline dbt failures ${subject}`,
  }),
  paused_by_failures: (_, name) => ({ label: 'Resume', href: '/', command: `pipeline resume ${name}` }),
  token_ends: connectAgain,
  reauthorise: connectAgain,
  no_tap: (_, name) => ({ label: 'Check access', href: '/system/health', command: `pipeline check ${name}` }),
  alert_channel: () => ({ label: 'Open alerts', href: '/system/alerts', command: null }),
  schema_change: ({ pipeline, subject }, name) => ({
    label: 'Look',
    href: pipeline === null ? '/streams' : `/streams/${name.replace('.', '/')}/columns`,
    command: `pipeline streams ${subject.split('.')[1] ?? subject}`,
  }),
  zero_rows: ({ runId }) => ({ label: 'Open run', href: `/runs/${runId ?? ''}`, command: null }),
};

/** The button of an incident. Null: there is nothing to press. */
export function actionOf(incident: {
  kind: string;
  subject: string;
  pipeline: string | null;
  stream: string | null;
  runId: string | null;
}) {
  const connection = incident.pipeline?.replace(/^pipeline_(.+)_to_postgres$/, '$1') ?? incident.subject;
  const name = incident.stream === null ? connection : `${connection}.${incident.stream}`;
  return (
    ACTIONS[incident.kind]?.(incident, name) ?? { label: 'Look', href: '/system/health', command: 'pipeline doctor' }
  );
}
