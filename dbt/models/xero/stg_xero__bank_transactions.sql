{% set columns = {
    'tenant_id': 'text',
    'bank_transaction_id': 'text',
    'type': 'text',
    'status': 'text',
    'contact_id': 'text',
    'bank_account_id': 'text',
    'date': 'date',
    'reference': 'text',
    'is_reconciled': 'boolean',
    'currency_code': 'text',
    'currency_rate': 'numeric',
    'line_amount_types': 'text',
    'sub_total': 'numeric',
    'total_tax': 'numeric',
    'total': 'numeric',
    'prepayment_id': 'text',
    'overpayment_id': 'text',
    'updated_date_utc': 'timestamptz',
    '_sdc_deleted_at': 'timestamptz'
} %}

select
    tenant_id,
    bank_transaction_id,
    type as transaction_type,
    status as transaction_status,
    contact_id,
    bank_account_id,
    date as transaction_date,
    nullif(reference, '') as reference,
    is_reconciled,
    currency_code,
    currency_rate,
    line_amount_types,
    sub_total,
    total_tax,
    total,
    prepayment_id,
    overpayment_id,
    updated_date_utc as updated_at
from {{ optional_source('xero', 'bank_transactions', columns) }} as bank_transactions
where _sdc_deleted_at is null
