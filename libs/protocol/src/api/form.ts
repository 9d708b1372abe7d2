import { z } from 'zod';

/** An instant on the wire: ISO 8601, UTC. */
export const Instant = z.iso.datetime();

/** A bigint of the database as text: JavaScript would round a large one. */
export const RowId = z.string().regex(/^[1-9]\d{0,17}$/, 'expected a number');

/** A count of rows, requests, bytes. */
export const Count = z.number().int().nonnegative();

/** Seconds, with fractions. */
export const Seconds = z.number().nonnegative();

/** A body that says no more than the status does. */
export const Nothing = z.strictObject({});

/** Any JSON value whose numbers JavaScript can hold. */
export const JsonValue = z.json();
export type JsonValue = z.infer<typeof JsonValue>;

/** A reason or name that a person writes. PostgreSQL stores no NUL. */
export const PlainText = (charactersMax: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(charactersMax)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: it is what is refused
    .regex(/^[^\u0000]*$/, 'holds a NUL character, which PostgreSQL cannot store');

/** Rows of one page of a list. */
export const PAGE_ROWS_MAX = 500;
const PAGE_ROWS_DEFAULT = 50;

/** Query parameters of every list. `cursor` is the `nextCursor` of the page before, opaque. */
export const pageQuery = {
  limit: z.coerce.number().int().min(1).max(PAGE_ROWS_MAX).default(PAGE_ROWS_DEFAULT),
  cursor: z
    .string()
    .max(200)
    .regex(/^[\w-]+$/, 'is no cursor: take nextCursor of the page before')
    .optional(),
};

/** One page of a list, newest first unless said otherwise. */
export function page<Item extends z.ZodType>(item: Item) {
  return z.strictObject({
    items: z.array(item),
    /** Null: this was the last page. */
    nextCursor: z.string().nullable(),
    /** Where it costs nothing to know. */
    total: Count.optional(),
  });
}

/** `true`, `1`, `yes` and their opposites in a query string. */
export const QueryFlag = z.stringbool().optional();

/** Shape and word of a state, as the dashboard draws it. */
export const State = z.enum([
  'queued',
  'reading',
  'waiting',
  'loading',
  'loaded',
  'incomplete',
  'failed',
  'cancelled',
  'paused',
]);
export type State = z.infer<typeof State>;

/** How something ended. */
export const Outcome = z.enum(['loaded', 'incomplete', 'failed', 'cancelled']);
export type Outcome = z.infer<typeof Outcome>;
