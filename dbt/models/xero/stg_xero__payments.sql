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
from {{ source('xero', 'payments') }}
where _sdc_deleted_at is null
