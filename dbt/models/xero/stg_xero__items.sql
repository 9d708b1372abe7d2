{% set columns = {
    'tenant_id': 'text',
    'item_id': 'text',
    'code': 'text',
    'name': 'text',
    'description': 'text',
    'is_sold': 'boolean',
    'is_purchased': 'boolean',
    'sales_details': 'jsonb',
    'purchase_details': 'jsonb',
    'updated_date_utc': 'timestamptz',
    '_sdc_deleted_at': 'timestamptz'
} %}

select
    tenant_id,
    item_id,
    code as item_code,
    name as item_name,
    description,
    is_sold,
    is_purchased,
    sales_details,
    purchase_details,
    updated_date_utc as updated_at
from {{ optional_source('xero', 'items', columns) }} as items
where _sdc_deleted_at is null
