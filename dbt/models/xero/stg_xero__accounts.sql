{% set columns = {
    'tenant_id': 'text',
    'account_id': 'text',
    'code': 'text',
    'name': 'text',
    'type': 'text',
    'class': 'text',
    'status': 'text',
    'description': 'text',
    'tax_type': 'text',
    'system_account': 'text',
    'bank_account_number': 'text',
    'bank_account_type': 'text',
    'currency_code': 'text',
    'enable_payments_to_account': 'boolean',
    'updated_date_utc': 'timestamptz',
    '_sdc_deleted_at': 'timestamptz'
} %}

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
from {{ optional_source('xero', 'accounts', columns) }} as accounts
where _sdc_deleted_at is null
