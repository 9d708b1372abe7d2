import { z } from 'zod';
import { Count, Instant, JsonValue, PlainText, page, pageQuery, RowId, Seconds } from './form.ts';

export const Instance = z.strictObject({
  id: z.string(),
  service: z.string(),
  version: z.string(),
  startedAt: Instant,
  seenAt: Instant,
  isAlive: z.boolean(),
  /** `leads`, `idle`, `xero.invoices`, `waits 2.1 s` */
  state: z.string(),
  memoryBytes: Count,
  /** Share of one core, 0 to 1 and above. */
  cpu: z.number().nonnegative(),
  /** `ok` or the reason, by the name of the check. */
  checks: z.record(z.string(), z.string()),
});
export type Instance = z.infer<typeof Instance>;

export const QueueItem = z.strictObject({
  name: z.string(),
  messages: Count,
  consumers: Count,
  bytes: Count.nullable(),
  bytesMax: Count.nullable(),
  /** Null: the broker's management interface is not asked. */
  perSecond: z.number().nonnegative().nullable(),
  oldestSeconds: Seconds.nullable(),
});

export const Database = z.strictObject({
  version: z.string(),
  responseMs: z.number().nonnegative(),
  connections: Count,
  connectionsMax: Count,
  bytes: Count,
  outboxWaiting: Count,
  violations: Count,
});
export const Disk = z.strictObject({ path: z.string(), freeBytes: Count, totalBytes: Count });

export const System = z.strictObject({
  version: z.string(),
  now: Instant,
  instances: z.array(Instance),
  broker: z.strictObject({
    isConnected: z.boolean(),
    blockedBecause: z.string().nullable(),
    queues: z.array(QueueItem),
  }),
  /** Null: PostgreSQL is away. */
  database: Database.nullable(),
  disk: Disk.nullable(),
  logLinesDropped: Count,
  clients: Count,
});
export type System = z.infer<typeof System>;

/** How fast it goes: what was loaded in each minute of the last hours, and how long the last cycles took, both oldest first. */
export const Load = z.strictObject({
  from: Instant,
  to: Instant,
  /** Minutes in which nothing was loaded are left out. */
  minutes: z.array(z.strictObject({ minute: Instant, pipeline: z.string(), rows: Count })),
  cycles: z.array(z.strictObject({ startedAt: Instant, seconds: Seconds })),
});
export type Load = z.infer<typeof Load>;

export const SettingItem = z.strictObject({
  name: z.string(),
  service: z.string(),
  /** `set` for a secret. Null: not set. */
  value: z.string().nullable(),
  isSecret: z.boolean(),
  origin: z.enum(['default', 'environment', 'page']),
  description: z.string(),
  /** May be set on the page. */
  isEditable: z.boolean(),
  setAt: Instant.nullable(),
});
export const SettingsList = page(SettingItem);
export const SettingParameters = z.strictObject({ name: z.string().regex(/^[A-Z][A-Z0-9_]{0,60}$/) });
/** Null goes back to the default. */
export const SettingChange = z.strictObject({ value: z.string().max(1_000).nullable() });

export const ChannelKind = z.enum(['webhook', 'slack', 'email']);
const channel = {
  name: PlainText(80),
  kind: ChannelKind,
  /** Kinds of incidents it tells of. Empty: all. */
  kinds: z.array(z.string().max(60)).max(100),
  isEnabled: z.boolean(),
};
/** Where messages go: an address, or for e-mail recipients. Kept encrypted, because a webhook's address is a secret. */
const target = z.union([z.url({ protocol: /^https?$/ }).max(2_000), z.email().max(320)]);
export const AlertChannel = z.strictObject({
  id: RowId,
  ...channel,
  /** Without what makes it secret: `https://hooks.slack.com/…`. */
  target: z.string(),
  lastSentAt: Instant.nullable(),
  lastError: z.string().nullable(),
  createdAt: Instant,
});
export type AlertChannel = z.infer<typeof AlertChannel>;
export const AlertChannels = page(AlertChannel);
export const NewAlertChannel = z.strictObject({
  ...channel,
  kinds: channel.kinds.default([]),
  isEnabled: channel.isEnabled.default(true),
  target,
});
export const AlertChannelChange = z.strictObject({ ...channel, target: target.optional() }).partial();
export const AlertChannelParameters = z.strictObject({ id: RowId });
export const AlertTest = z.strictObject({ isSent: z.boolean(), message: z.string() });

export const AuditEntry = z.strictObject({
  id: RowId,
  at: Instant,
  actor: z.string(),
  action: z.string(),
  target: z.string(),
  details: z.record(z.string(), JsonValue),
});
export type AuditEntry = z.infer<typeof AuditEntry>;
export const AuditQuery = z.strictObject({
  ...pageQuery,
  actor: z.string().max(80).optional(),
  action: z.string().max(60).optional(),
});
export const Audit = page(AuditEntry);
