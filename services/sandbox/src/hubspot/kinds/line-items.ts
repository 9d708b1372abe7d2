import type { Random } from '../../random.ts';
import { fromCents, maybe, rowRandom } from '../company/draw.ts';
import type { Kind, World } from '../company/kind.ts';
import type { Properties } from '../company/object-store.ts';
import { oddDate, oddText } from '../company/odd-values.ts';
import { property } from '../company/property-definition.ts';
import { DAY_MS, HISTORY_START } from '../company/times.ts';
import { PRODUCTS } from '../names.ts';

const SALT = 4;
const FIRST_PRODUCT_ID = 1_500_000_001;

export const lineItemsKind: Kind = {
  typeId: '0-8',
  name: 'line_items',
  singular: 'line_item',
  scopes: ['crm.objects.line_items.read', 'e-commerce'],
  createdProperty: 'createdate',
  firstId: 7_000_000_001,
  count: (deals) => Math.ceil(deals * 1.6),
  modifiedProperty: 'hs_lastmodifieddate',
  defaults: ['createdate', 'hs_lastmodifieddate', 'hs_object_id', 'hs_product_id', 'quantity'],
  properties: [
    property('amount', 'number', { calculated: true }),
    property('createdate', 'datetime'),
    property('description', 'string'),
    property('hs_lastmodifieddate', 'datetime'),
    property('hs_line_item_currency_code', 'enumeration', { options: ['USD', 'EUR', 'GBP'] }),
    property('hs_object_id', 'number'),
    property('hs_product_id', 'number'),
    property('hs_recurring_billing_start_date', 'date'),
    property('hs_sku', 'string'),
    property('name', 'string'),
    property('price', 'number'),
    property('quantity', 'number'),
    property('recurringbillingfrequency', 'enumeration', { options: ['monthly', 'annually'] }),
  ],
  describe,
  calculate: ({ price, quantity }) => ({ amount: fromCents(cents(price) * Number(quantity ?? 0)) }),
  edit,
};

function describe(position: number, { seed }: World): Properties {
  const random = rowRandom(seed, SALT, position);
  const product = random.integer(0, PRODUCTS.length - 1);
  return {
    description: maybe(random, 0.2, () => oddText(random, 'As discussed')),
    hs_line_item_currency_code: random.pick(['USD', 'EUR', 'GBP']),
    hs_product_id: String(FIRST_PRODUCT_ID + product),
    hs_recurring_billing_start_date: maybe(random, 0.4, () =>
      oddDate(random, HISTORY_START + random.integer(0, 900) * DAY_MS),
    ),
    hs_sku: `SKU-${String(product).padStart(4, '0')}`,
    name: PRODUCTS[product] ?? null,
    price: fromCents(random.integer(1_000, 900_000)),
    quantity: String(random.integer(1, 12)),
    recurringbillingfrequency: maybe(random, 0.5, () => random.pick(['monthly', 'annually'])),
  };
}

function edit(random: Random): Properties {
  const changes: (() => Properties)[] = [
    () => ({ quantity: String(random.integer(1, 12)) }),
    () => ({ price: fromCents(random.integer(1_000, 900_000)) }),
    () => ({ description: oddText(random, 'Changed'), recurringbillingfrequency: '' }),
  ];
  return random.pick(changes)();
}

function cents(price: string | null | undefined): number {
  return Number((price ?? '0.00').replace('.', ''));
}
