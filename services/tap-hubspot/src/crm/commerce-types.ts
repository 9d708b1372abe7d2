import { type ObjectType, objectType } from './object-type.ts';

const LINE_ITEMS = ['crm.objects.line_items.read|e-commerce'];

/** What is sold, ordered, invoiced and paid. */
export const commerceTypes: readonly ObjectType[] = [
  objectType({
    id: '0-8',
    name: 'line_items',
    singular: 'line_item',
    scopes: LINE_ITEMS,
    createdProperty: 'createdate',
    standard: {
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
  }),
  objectType({
    id: '0-7',
    name: 'products',
    singular: 'product',
    scopes: ['crm.objects.products.read|e-commerce'],
    createdProperty: 'createdate',
    standard: { description: 'string', hs_sku: 'string', name: 'string', price: 'number' },
  }),
  objectType({
    id: '0-14',
    name: 'quotes',
    singular: 'quote',
    scopes: ['crm.objects.quotes.read|e-commerce'],
    associatedWith: ['line_items'],
    standard: {
      hs_expiration_date: 'date',
      hs_quote_amount: 'number',
      hs_status: 'string',
      hs_title: 'string',
      hubspot_owner_id: 'string',
    },
  }),
  staged('0-123', 'orders', 'order'),
  seldom('0-142', 'carts', 'cart'),
  seldom('0-53', 'invoices', 'invoice'),
  seldom('0-69', 'subscriptions', 'subscription'),
  seldom('0-101', 'commerce_payments', 'commerce_payment', ['crm.objects.commercepayments.read']),
  seldom('0-84', 'discounts', 'discount', LINE_ITEMS),
  seldom('0-85', 'fees', 'fee', LINE_ITEMS),
  seldom('0-86', 'taxes', 'tax', LINE_ITEMS),
  seldom('0-72', 'deal_splits', 'deal_split', ['crm.objects.deals.read']),
];

/** Types of the object library: an account has them only once an administrator activated them. */
export const libraryTypes: readonly ObjectType[] = [
  staged('0-421', 'appointments', 'appointment'),
  staged('0-410', 'courses', 'course'),
  staged('0-420', 'listings', 'listing'),
  staged('0-162', 'services', 'service'),
  seldom('0-970', 'projects', 'project'),
];

function seldom(id: string, name: string, singular: string, scopes = [`crm.objects.${name}.read`]): ObjectType {
  return objectType({ id, name, singular, scopes, isSelectedByDefault: false });
}

function staged(id: string, name: string, singular: string): ObjectType {
  const scopes = [`crm.objects.${name}.read`];
  return objectType({ id, name, singular, scopes, hasPipelines: true, isSelectedByDefault: false });
}
