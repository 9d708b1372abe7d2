with stream as (
    {{ stream_or_empty('xero', 'credit_note_allocations', {
    'tenant_id': 'text',
    'credit_note_id': 'text',
    'line_number': 'bigint',
    'invoice_id': 'text',
    'amount': 'numeric',
    'date': 'date',
    'is_deleted': 'boolean'
    }) | indent(4) }}
)

select
    tenant_id,
    credit_note_id,
    line_number,
    invoice_id,
    amount,
    date as allocation_date,
    is_deleted
from stream
