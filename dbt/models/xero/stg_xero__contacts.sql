{% set columns = {
    'tenant_id': 'text',
    'contact_id': 'text',
    'merged_to_contact_id': 'text',
    'name': 'text',
    'contact_status': 'text',
    'contact_number': 'text',
    'account_number': 'text',
    'first_name': 'text',
    'last_name': 'text',
    'email_address': 'text',
    'company_number': 'text',
    'tax_number': 'text',
    'is_customer': 'boolean',
    'is_supplier': 'boolean',
    'default_currency': 'text',
    'addresses': 'jsonb',
    'phones': 'jsonb',
    'updated_date_utc': 'timestamptz',
    '_sdc_deleted_at': 'timestamptz'
} %}

select
    tenant_id,
    contact_id,
    merged_to_contact_id,
    name as contact_name,
    contact_status,
    contact_number,
    account_number,
    first_name,
    last_name,
    nullif(email_address, '') as email_address,
    company_number,
    tax_number,
    is_customer,
    is_supplier,
    default_currency as default_currency_code,
    addresses,
    phones,
    updated_date_utc as updated_at
from {{ optional_source('xero', 'contacts', columns) }} as contacts
where _sdc_deleted_at is null
