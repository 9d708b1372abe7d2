{% set columns = {
    'tenant_id': 'text',
    'tracking_category_id': 'text',
    'tracking_option_id': 'text',
    'name': 'text',
    'status': 'text',
    '_sdc_deleted_at': 'timestamptz'
} %}

select
    tenant_id,
    tracking_category_id,
    tracking_option_id,
    name as option_name,
    status as option_status
from {{ optional_source('xero', 'tracking_options', columns) }} as tracking_options
where _sdc_deleted_at is null
