select
    tenant_id,
    account_id,
    code as account_code,
    name as account_name,
    type as account_type,
    class as account_class,
    status as account_status,
    description,
    tax_type,
    system_account,
    bank_account_number,
    bank_account_type,
    currency_code,
    enable_payments_to_account as accepts_payments,
    updated_date_utc as updated_at
from {{ source('xero', 'accounts') }}
where _sdc_deleted_at is null
