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
from {{ source('hubspot', 'line_items') }}
where _sdc_deleted_at is null
