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
from {{ source('xero', 'contacts') }}
where _sdc_deleted_at is null
