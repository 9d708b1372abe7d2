import type { Webhooks } from '@pipeline/tap-kit';

export const webhooks: Webhooks = { header: 'x-notes-signature', encoding: 'hex', signs: ['body'] };
