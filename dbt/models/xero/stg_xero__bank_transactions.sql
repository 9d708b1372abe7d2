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
from {{ source('xero', 'bank_transactions') }}
where _sdc_deleted_at is null
