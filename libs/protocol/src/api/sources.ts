import { z } from 'zod';
import { SourceName, StreamName } from '../pipeline-name.ts';
import { Instant, JsonValue, page } from './form.ts';
import { WebhookSignature } from './webhooks.ts';

/** A setting of a tap, for a form. Its meaning comes from the tap. */
export const SettingField = z.strictObject({
  name: z.string(),
  label: z.string(),
  description: z.string(),
  type: z.enum(['text', 'number', 'flag', 'list', 'date']),
  isSecret: z.boolean(),
  isRequired: z.boolean(),
  default: JsonValue.optional(),
  /** The environment variable of the default connection. */
  variable: z.string().nullable(),
});
export type SettingField = z.infer<typeof SettingField>;

/** A stream as its tap describes it. */
export const DescribedStream = z.strictObject({
  name: StreamName,
  parent: StreamName.nullable(),
  isSelectedByDefault: z.boolean(),
  /** Null: the whole stream is read each time. */
  replicationKey: z.string().nullable(),
  keyProperties: z.array(z.string()),
  fields: z.array(z.strictObject({ name: z.string(), type: z.string() })),
  endpoint: z.string().nullable(),
  scopes: z.array(z.string()),
  deletes: z.string().nullable(),
  /** Requests that one read of an unchanged account makes. */
  requestsIdle: z.number().int().nonnegative().nullable(),
});
export type DescribedStream = z.infer<typeof DescribedStream>;

/** OAuth 2 authorization code flow of a source. */
export const ConsentDescription = z.strictObject({
  authorizeUrl: z.url(),
  tokenUrl: z.url(),
  scopes: z.array(z.string()),
  /** Stands between the scopes in the page's address. */
  scopeSeparator: z.string().min(1).max(3).default(' '),
  clientAuth: z.enum(['basic', 'form']),
  parameters: z.record(z.string(), z.string()),
});
export type ConsentDescription = z.infer<typeof ConsentDescription>;

/** What a tap says of itself when it registers. */
export const SourceDescription = z.strictObject({
  source: SourceName,
  /** As people write it: `HubSpot`. */
  label: z.string(),
  version: z.string(),
  settings: z.array(SettingField),
  /** How a token is made: page, scopes to tick. */
  tokenHelp: z.string().nullable(),
  /** Null: only by pasting a token. */
  consent: ConsentDescription.nullable(),
  /** Requests that an account may make a day. Null: no such limit. */
  requestsPerDay: z.number().int().positive().nullable(),
  /** The tap itself spends the day's requests evenly: more streams are read less often, and none is refused. */
  spreadsRequests: z.boolean().default(false),
  /** Null: the source sends no webhooks. */
  webhooks: WebhookSignature.nullable().default(null),
  streams: z.array(DescribedStream),
});
export type SourceDescription = z.infer<typeof SourceDescription>;

/** A source on the page, with what people need to connect an account. */
export const Source = z.strictObject({ ...SourceDescription.shape, isAlive: z.boolean(), seenAt: Instant });
export type Source = z.infer<typeof Source>;
export const Sources = page(Source);
