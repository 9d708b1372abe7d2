import { crmStream } from '../crm-stream.ts';

export const lineItems = crmStream({
  name: 'line_items',
  standardProperties: {
    amount: 'number',
    description: 'string',
    hs_line_item_currency_code: 'string',
    hs_product_id: 'number',
    hs_recurring_billing_start_date: 'date',
    hs_sku: 'string',
    name: 'string',
    price: 'number',
    quantity: 'number',
    recurringbillingfrequency: 'string',
  },
});
