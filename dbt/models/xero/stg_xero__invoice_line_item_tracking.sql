{% set columns = {
    'tenant_id': 'text',
    'invoice_id': 'text',
    'line_item_id': 'text',
    'tracking_category_id': 'text',
    'tracking_option_id': 'text',
    'name': 'text',
    'option': 'text',
    '_sdc_deleted_at': 'timestamptz'
} %}

select
    tenant_id,
    invoice_id,
    line_item_id,
    tracking_category_id,
    tracking_option_id,
    name as category_name,
    option as option_name
from {{ optional_source('xero', 'invoice_line_item_tracking', columns) }} as invoice_line_item_tracking
where _sdc_deleted_at is null
