{% set columns = {'id': 'text', 'hs_product_id': 'numeric', 'hs_sku': 'text', 'name': 'text', 'description': 'text', 'quantity': 'numeric', 'price': 'numeric', 'amount': 'numeric', 'hs_line_item_currency_code': 'text', 'recurringbillingfrequency': 'text', 'hs_recurring_billing_start_date': 'date', 'created_at': 'timestamptz', 'updated_at': 'timestamptz', '_sdc_deleted_at': 'timestamptz', '_sdc_batched_at': 'timestamptz'} %}

select
    id as line_item_id,
    hs_product_id::text as product_id,
    hs_sku as sku,
    name as line_item_name,
    description,
    quantity,
    price as unit_price,
    amount,
    hs_line_item_currency_code as currency_code,
    recurringbillingfrequency as billing_frequency,
    hs_recurring_billing_start_date as billing_starts_on,
    created_at,
    updated_at,
    _sdc_batched_at as loaded_at
from {{ optional_source('hubspot', 'line_items', columns) }} as line_items
where _sdc_deleted_at is null
