{% set columns = {
    'tenant_id': 'text',
    'tracking_category_id': 'text',
    'name': 'text',
    'status': 'text',
    '_sdc_deleted_at': 'timestamptz'
} %}

select
    tenant_id,
    tracking_category_id,
    name as category_name,
    status as category_status
from {{ optional_source('xero', 'tracking_categories', columns) }} as tracking_categories
where _sdc_deleted_at is null
