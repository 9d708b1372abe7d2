{% set columns = {
    'tenant_id': 'text',
    'quote_id': 'text',
    'quote_number': 'text',
    'status': 'text',
    'contact_id': 'text',
    'date': 'date',
    'expiry_date': 'date',
    'currency_code': 'text',
    'sub_total': 'numeric',
    'total_tax': 'numeric',
    'total': 'numeric',
    'updated_date_utc': 'timestamptz',
    '_sdc_deleted_at': 'timestamptz'
} %}

select
    tenant_id,
    quote_id,
    quote_number,
    status as quote_status,
    contact_id,
    date as quote_date,
    expiry_date,
    currency_code,
    sub_total,
    total_tax,
    total,
    updated_date_utc as updated_at
from {{ optional_source('xero', 'quotes', columns) }} as quotes
where _sdc_deleted_at is null
