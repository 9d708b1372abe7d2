{% set columns = {
    'tenant_id': 'text',
    'credit_note_id': 'text',
    'line_number': 'bigint',
    'invoice_id': 'text',
    'amount': 'numeric',
    'date': 'date',
    'is_deleted': 'boolean',
    '_sdc_deleted_at': 'timestamptz'
} %}

select
    tenant_id,
    credit_note_id,
    line_number,
    invoice_id,
    amount,
    date as allocation_date,
    is_deleted
from {{ optional_source('xero', 'credit_note_allocations', columns) }} as credit_note_allocations
where _sdc_deleted_at is null
