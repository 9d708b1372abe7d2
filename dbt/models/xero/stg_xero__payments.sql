{% set columns = {
    'tenant_id': 'text',
    'payment_id': 'text',
    'payment_type': 'text',
    'status': 'text',
    'invoice_id': 'text',
    'credit_note_id': 'text',
    'prepayment_id': 'text',
    'overpayment_id': 'text',
    'batch_payment_id': 'text',
    'account_id': 'text',
    'date': 'date',
    'amount': 'numeric',
    'bank_amount': 'numeric',
    'currency_rate': 'numeric',
    'reference': 'text',
    'is_reconciled': 'boolean',
    'updated_date_utc': 'timestamptz',
    '_sdc_deleted_at': 'timestamptz'
} %}

select
    tenant_id,
    payment_id,
    payment_type,
    status as payment_status,
    invoice_id,
    credit_note_id,
    prepayment_id,
    overpayment_id,
    batch_payment_id,
    account_id,
    date as payment_date,
    amount,
    bank_amount,
    currency_rate,
    nullif(reference, '') as reference,
    is_reconciled,
    updated_date_utc as updated_at
from {{ optional_source('xero', 'payments', columns) }} as payments
where _sdc_deleted_at is null
