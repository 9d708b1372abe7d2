with stream as (
    {{ stream_or_empty('xero', 'overpayments', {
    'tenant_id': 'text',
    'overpayment_id': 'text',
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
    overpayment_id,
    type as overpayment_type,
    status as overpayment_status,
    contact_id,
    date as overpayment_date,
    currency_code,
    total,
    remaining_credit,
    updated_date_utc as updated_at
from stream
