import {
  type AccountEgress,
  type AccountLevel,
  limitsNow,
  type PipelineRow,
  type RegisteredSource,
  type StoredConnection,
} from '@pipeline/control';
import { pipelineName } from '@pipeline/protocol';
import type { Check, Connection } from '@pipeline/protocol/api';
import { scheduleOf } from '../schedule/timing.ts';

/** A connection as the API shows it: never a secret. */
export function describeConnection(
  stored: StoredConnection,
  known: {
    source: RegisteredSource | undefined;
    pipeline: PipelineRow | undefined;
    check: { result: Check | null; isChecking: boolean } | undefined;
    levels: readonly AccountLevel[];
    egress: readonly AccountEgress[];
    isAlone: boolean;
    intervalSeconds: number;
  },
): Connection {
  const { name, source, origin, settings, selection, targetSchema, revision } = stored;
  const label = known.source?.description.label ?? source;
  return {
    ...{ name, source, origin, settings, selection, targetSchema, revision },
    label: name === source ? label : `${label} ${name}`,
    pipeline: pipelineName(name),
    locked: Object.entries(stored.locked).map(([setting, variable]) => ({ setting, variable })),
    secrets: Object.entries(stored.secrets).map(([secret, setAt]) => ({
      name: secret,
      setAt: new Date(setAt).toISOString(),
    })),
    streamsSelected: known.pipeline?.streams.reduce((sum, { children }) => sum + 1 + children.length, 0) ?? 0,
    schedule: scheduleOf(known.pipeline?.schedule ?? null, known.intervalSeconds),
    isPaused: known.pipeline?.isPaused ?? false,
    isAlive: known.pipeline?.isAlive ?? false,
    check: checkOf(stored, known),
    isChecking: known.check?.isChecking ?? false,
    received: receivedOf(known.egress),
    createdAt: stored.createdAt.toISOString(),
    updatedAt: stored.updatedAt.toISOString(),
  };
}

function receivedOf(egress: readonly AccountEgress[]): Connection['received'] {
  const sum = (of: 'today' | 'month') => egress.reduce((total, one) => total + one[of], 0);
  return {
    todayBytes: sum('today'),
    monthBytes: sum('month'),
    accounts: egress.flatMap(({ account, today, month }) =>
      account === '' ? [] : [{ account, todayBytes: today, monthBytes: month }],
    ),
  };
}

function checkOf(
  { name, source }: StoredConnection,
  known: { check: { result: Check | null } | undefined; levels: readonly AccountLevel[]; isAlone: boolean },
): Check | null {
  const check = known.check?.result ?? null;
  if (check === null) return null;
  const { levels, isAlone } = known;
  return { ...check, limits: limitsNow(check.limits, { name, source, accountId: check.account?.id, isAlone }, levels) };
}
