import { z } from 'zod';

const SECONDS_MAX = 3_600;
const HeaderName = z.string().regex(/^[a-z0-9-]{1,100}$/);

/** How a source signs its webhooks, as data: the tap declares it, the scheduler verifies by it. All of them send an HMAC-SHA256 in a header. */
export const WebhookSignature = z.strictObject({
  /** Holds the signature. */
  header: HeaderName,
  encoding: z.enum(['base64', 'hex']),
  /** What is signed, one after the other. The body always is. */
  signs: z
    .array(z.enum(['method', 'url', 'body', 'timestamp']))
    .refine((parts) => parts.includes('body'), 'the body must be signed'),
  /** Escapes of the address that the source decodes before it signs: `%3A`. It leaves the others as they are. */
  decodedEscapes: z.array(z.string().regex(/^%[0-9A-F]{2}$/)).default([]),
  /** Holds when the source signed, in milliseconds since 1970. Null: a webhook may be repeated for ever. */
  timestamp: z
    .strictObject({ header: HeaderName, ageSecondsMax: z.int().positive().max(SECONDS_MAX) })
    .nullable()
    .default(null),
  /** The body's property with the list of events. Null: the body is the list. */
  eventsProperty: z.string().nullable().default(null),
  /** The body that asks, before the first event, for the signature of what `header` holds. Null: the source does not ask. */
  handshake: z.record(z.string(), z.string()).nullable().default(null),
});
export type WebhookSignature = z.infer<typeof WebhookSignature>;
