import { z } from 'zod';

/** A bigint of the database, as text: JavaScript would round a large one. */
export const RowId = z.string().regex(/^[1-9]\d{0,17}$/, 'expected a number');

/** The path parameter of one row. */
export const RowParameters = z.object({ id: RowId });

/** Rows of one answer. */
export const RowLimit = z.coerce.number().int().min(1).max(1_000).default(100);
