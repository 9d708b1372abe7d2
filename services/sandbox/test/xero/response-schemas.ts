import { z } from 'zod';

export const TokenBody = z
  .strictObject({
    error: z.string(),
    error_description: z.string(),
    access_token: z.string(),
    refresh_token: z.string(),
    expires_in: z.number(),
    token_type: z.string(),
    scope: z.string(),
  })
  .partial();

const Invoice = z.looseObject({
  InvoiceID: z.string(),
  Status: z.string(),
  Total: z.number(),
  AmountPaid: z.number(),
  AmountDue: z.number(),
  AmountCredited: z.number(),
  LineItems: z.array(z.unknown()).optional(),
});

export const List = z.object({
  pagination: z.record(z.string(), z.number()).optional(),
  Invoices: z.array(Invoice).default([]),
  Payments: z
    .array(z.object({ Status: z.string(), Amount: z.number(), Invoice: z.object({ InvoiceID: z.string() }) }))
    .default([]),
  Contacts: z.array(z.object({ ContactStatus: z.string() })).default([]),
});
