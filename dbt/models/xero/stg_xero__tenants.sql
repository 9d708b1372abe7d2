{% set columns = {
    'tenant_id': 'text',
    'tenant_name': 'text',
    'connection_id': 'text',
    'created_date_utc': 'timestamptz',
    'updated_date_utc': 'timestamptz',
    '_sdc_deleted_at': 'timestamptz'
} %}

select
    tenant_id,
    tenant_name,
    connection_id,
    created_date_utc as created_at,
    updated_date_utc as updated_at
from {{ optional_source('xero', 'tenants', columns) }} as tenants
where _sdc_deleted_at is null
