{% set columns = {
    'tenant_id': 'text',
    'batch_payment_id': 'text',
    'type': 'text',
    'status': 'text',
    'account_id': 'text',
    'date': 'date',
    'total_amount': 'numeric',
    'is_reconciled': 'boolean',
    'updated_date_utc': 'timestamptz',
    '_sdc_deleted_at': 'timestamptz'
} %}

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
from {{ optional_source('xero', 'batch_payments', columns) }} as batch_payments
where _sdc_deleted_at is null
