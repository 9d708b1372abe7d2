{% set columns = {
    'tenant_id': 'text',
    'credit_note_id': 'text',
    'line_number': 'bigint',
    'description': 'text',
    'quantity': 'numeric',
    'unit_amount': 'numeric',
    'line_amount': 'numeric',
    'tax_type': 'text',
    'tax_amount': 'numeric',
    'account_code': 'text',
    'account_id': 'text',
    'item_code': 'text',
    '_sdc_deleted_at': 'timestamptz'
} %}

select
    tenant_id,
    credit_note_id,
    line_number,
    description,
    quantity,
    unit_amount,
    line_amount,
    tax_type,
    tax_amount,
    account_code,
    account_id,
    item_code
from {{ optional_source('xero', 'credit_note_line_items', columns) }} as credit_note_line_items
where _sdc_deleted_at is null
