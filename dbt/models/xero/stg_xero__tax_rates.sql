{% set columns = {
    'tenant_id': 'text',
    'name': 'text',
    'tax_type': 'text',
    'status': 'text',
    'effective_rate': 'numeric',
    'display_tax_rate': 'numeric',
    '_sdc_deleted_at': 'timestamptz'
} %}

select
    tenant_id,
    name as tax_rate_name,
    tax_type,
    status as tax_rate_status,
    effective_rate,
    display_tax_rate
from {{ optional_source('xero', 'tax_rates', columns) }} as tax_rates
where _sdc_deleted_at is null
