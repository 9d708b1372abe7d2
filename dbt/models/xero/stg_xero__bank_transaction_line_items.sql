select
    tenant_id,
    line_item_id,
    bank_transaction_id,
    account_id,
    account_code,
    item_code,
    description,
    quantity,
    unit_amount,
    line_amount,
    discount_rate,
    discount_amount,
    tax_type,
    tax_amount,
    tracking
from {{ source('xero', 'bank_transaction_line_items') }}
where _sdc_deleted_at is null
