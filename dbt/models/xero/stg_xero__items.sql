with stream as (
    {{ stream_or_empty('xero', 'items', {
    'tenant_id': 'text',
    'item_id': 'text',
    'code': 'text',
    'name': 'text',
    'description': 'text',
    'is_sold': 'boolean',
    'is_purchased': 'boolean',
    'sales_details': 'jsonb',
    'purchase_details': 'jsonb',
    'updated_date_utc': 'timestamptz'
    }) | indent(4) }}
)

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
from stream
