with stream as (
    {{ stream_or_empty('xero', 'bank_transfers', {
    'tenant_id': 'text',
    'bank_transfer_id': 'text',
    'from_bank_account_id': 'text',
    'to_bank_account_id': 'text',
    'amount': 'numeric',
    'date': 'date',
    'status': 'text',
    'reference': 'text',
    'created_date_utc': 'timestamptz'
    }) | indent(4) }}
)

select
    tenant_id,
    bank_transfer_id,
    from_bank_account_id,
    to_bank_account_id,
    amount,
    date as transfer_date,
    status as transfer_status,
    nullif(reference, '') as reference,
    created_date_utc as created_at
from stream
