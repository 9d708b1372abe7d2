with stream as (
    {{ stream_or_empty('xero', 'batch_payments', {
    'tenant_id': 'text',
    'batch_payment_id': 'text',
    'type': 'text',
    'status': 'text',
    'account_id': 'text',
    'date': 'date',
    'total_amount': 'numeric',
    'is_reconciled': 'boolean',
    'updated_date_utc': 'timestamptz'
    }) | indent(4) }}
)

select
    tenant_id,
    batch_payment_id,
    type as batch_type,
    status as batch_status,
    account_id,
    date as payment_date,
    total_amount,
    is_reconciled,
    updated_date_utc as updated_at
from stream
