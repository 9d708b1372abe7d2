with stream as (
    {{ stream_or_empty('xero', 'prepayments', {
    'tenant_id': 'text',
    'prepayment_id': 'text',
    'type': 'text',
    'status': 'text',
    'contact_id': 'text',
    'date': 'date',
    'currency_code': 'text',
    'total': 'numeric',
    'remaining_credit': 'numeric',
    'updated_date_utc': 'timestamptz'
    }) | indent(4) }}
)

select
    tenant_id,
    prepayment_id,
    type as prepayment_type,
    status as prepayment_status,
    contact_id,
    date as prepayment_date,
    currency_code,
    total,
    remaining_credit,
    updated_date_utc as updated_at
from stream
