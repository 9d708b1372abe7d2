import { z } from 'zod';
import { SourceName, StreamName } from '../pipeline-name.ts';
import { Count, Instant, JsonValue, PlainText, page } from './form.ts';
import { Schedule, ScheduleRequest } from './schedule.ts';

/** A connection's name: part of its pipeline's name and, where nothing else is said, its target schema. */
export const ConnectionName = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,30}$/, 'expected lower-case letters, digits and _, beginning with a letter, at most 31');
export const SchemaName = z
  .string()
  .regex(/^[a-z_][a-z0-9_]{0,62}$/, 'expected lower-case letters, digits and _, at most 63')
  .refine((name) => !name.startsWith('pg_') && name !== 'pipeline' && name !== 'information_schema', 'is reserved');

/** Which streams are read, and which of their fields. */
export const Selection = z.strictObject({
  /** Null: those that the tap selects by default. Patterns as in config.yml: `deals`, `deals.amount`, `!deals.notes`. */
  select: z.array(z.string().min(1).max(240)).max(2_000).nullable(),
});
export type Selection = z.infer<typeof Selection>;

/** What the account granted, when it was last looked at. */
export const Check = z.strictObject({
  checkedAt: Instant,
  isOk: z.boolean(),
  account: z.strictObject({ id: z.string(), name: z.string() }).nullable(),
  code: z.string().nullable(),
  /** What is wrong. */
  message: z.string().nullable(),
  remedy: z.string().nullable(),
  scopes: z.array(z.strictObject({ name: z.string(), isGranted: z.boolean() })),
  streams: z.array(
    z.strictObject({
      stream: z.string(),
      isReadable: z.boolean(),
      reason: z.string().nullable(),
      rows: Count.nullable(),
    }),
  ),
  limits: z.array(
    z.strictObject({
      name: z.string(),
      left: z.number().nullable(),
      of: z.number().nullable(),
      resetsAt: Instant.nullable(),
    }),
  ),
  tokenEndsAt: Instant.nullable(),
});
export type Check = z.infer<typeof Check>;

const Received = z.strictObject({ todayBytes: Count, monthBytes: Count });

export const Connection = z.strictObject({
  name: ConnectionName,
  source: SourceName,
  label: z.string(),
  pipeline: z.string(),
  /** Who made it. `environment`: variables and config.yml, which win over what the page saves. */
  origin: z.enum(['environment', 'page']),
  /** Settings that a variable sets. */
  locked: z.array(z.strictObject({ setting: z.string(), variable: z.string() })),
  /** Never a secret. */
  settings: z.record(z.string(), JsonValue),
  secrets: z.array(z.strictObject({ name: z.string(), setAt: Instant.nullable() })),
  selection: Selection,
  streamsSelected: Count,
  schedule: Schedule,
  targetSchema: z.string(),
  isPaused: z.boolean(),
  isAlive: z.boolean(),
  check: Check.nullable(),
  isChecking: z.boolean(),
  /** What the account has sent its reads this UTC day and month, in bytes of bodies as they came over the network: some sources charge for it. */
  received: z.strictObject({
    ...Received.shape,
    /** The same by organisation, largest first, of sources that count each by itself: its id. */
    accounts: z.array(z.strictObject({ account: z.string(), ...Received.shape })),
  }),
  createdAt: Instant,
  updatedAt: Instant,
  /** Rises with every change: `PUT` sends it back. */
  revision: z.number().int(),
});
export type Connection = z.infer<typeof Connection>;
export const Connections = page(Connection);
export const ConnectionParameters = z.strictObject({ name: ConnectionName });

const settings = z.record(z.string().regex(/^[a-z][a-z0-9_]{0,60}$/), JsonValue);
const secrets = z.record(z.string().regex(/^[a-z][a-z0-9_]{0,60}$/), z.string().min(1).max(4_000));

export const NewConnection = z.strictObject({
  name: ConnectionName,
  source: SourceName,
  settings: settings.default({}),
  /** Written only: no response holds them. */
  secrets: secrets.default({}),
  selection: Selection.default({ select: null }),
  schedule: ScheduleRequest.optional(),
  targetSchema: SchemaName.optional(),
  /** Of a consent that was given: its tokens become the secrets. */
  consentId: z.uuid().optional(),
});
export type NewConnection = z.infer<typeof NewConnection>;

export const ConnectionChange = z.strictObject({
  /** Null removes one: it has its default again. */
  settings: settings.optional(),
  /** Null removes one. */
  secrets: z.record(z.string().regex(/^[a-z][a-z0-9_]{0,60}$/), z.string().min(1).max(4_000).nullable()).optional(),
  selection: Selection.optional(),
  schedule: ScheduleRequest.optional(),
  targetSchema: SchemaName.optional(),
  consentId: z.uuid().optional(),
  /** Streams taken out whose tables go too: the page has the name typed. */
  dropTables: z.array(StreamName).max(500).default([]),
  revision: z.number().int(),
});
export type ConnectionChange = z.infer<typeof ConnectionChange>;

/** What else depends on a connection, shown before it goes. */
export const ConnectionDependents = z.strictObject({
  rows: Count,
  tables: z.array(z.strictObject({ stream: z.string(), table: z.string(), rows: Count })),
  models: z.array(z.string()),
});
/** DELETE: the connection's name, typed. */
export const ConnectionRemoval = z.strictObject({ expected: PlainText(40), dropTables: z.boolean().default(false) });

export const CheckRequested = z.strictObject({ checkId: z.uuid(), message: z.string() });
/** A check of settings that are not saved yet. */
export const TrialCheckRequest = z.strictObject({
  source: SourceName,
  settings: settings.default({}),
  secrets: secrets.default({}),
  consentId: z.uuid().optional(),
});
export const CheckParameters = z.strictObject({ id: z.uuid() });
export const CheckProgress = z.strictObject({
  id: z.uuid(),
  state: z.enum(['queued', 'done']),
  check: Check.nullable(),
});

export const ConsentRequest = z.strictObject({
  source: SourceName,
  /** Of the app that asks. The default connection's, where they are not given. */
  clientId: z.string().min(1).max(500).optional(),
  clientSecret: z.string().min(1).max(500).optional(),
  scopes: z.array(z.string().min(1).max(120)).max(100).optional(),
  settings: settings.default({}),
});
export const ConsentStarted = z.strictObject({
  id: z.uuid(),
  /** Where the browser goes. */
  url: z.url(),
  /** To be entered as redirect URI of the app. */
  redirectUri: z.url(),
  expiresAt: Instant,
});
export const ConsentParameters = z.strictObject({ id: z.uuid() });
export const ConsentState = z.strictObject({
  id: z.uuid(),
  state: z.enum(['waiting', 'granted', 'refused', 'expired']),
  message: z.string().nullable(),
});
/** What a consent page sends back with the browser. */
export const ConsentCallbackQuery = z.object({
  state: z.string().max(200).optional(),
  code: z.string().max(4_000).optional(),
  error: z.string().max(200).optional(),
  error_description: z.string().max(1_000).optional(),
});

/** Configuration as code: YAML. */
export const ConfigurationDocument = z.strictObject({ yaml: z.string().max(1_000_000) });
export const ApplyRequest = z.strictObject({
  yaml: z.string().min(1).max(1_000_000),
  /** False only shows what would change. */
  confirm: z.boolean().default(false),
  /** Removes what the document leaves out. */
  prune: z.boolean().default(false),
});
export const ConfigurationChange = z.strictObject({
  kind: z.enum(['setting', 'connection', 'alert-channel']),
  name: z.string(),
  action: z.enum(['create', 'change', 'remove']),
  /** A secret is only `set`. */
  fields: z.array(z.strictObject({ path: z.string(), from: JsonValue, to: JsonValue })),
});
export type ConfigurationChange = z.infer<typeof ConfigurationChange>;
export const ApplyResponse = z.strictObject({ isApplied: z.boolean(), changes: z.array(ConfigurationChange) });
