with stream as (
    {{ stream_or_empty('xero', 'tracking_categories', {
    'tenant_id': 'text',
    'tracking_category_id': 'text',
    'name': 'text',
    'status': 'text'
    }) | indent(4) }}
)

select
    tenant_id,
    tracking_category_id,
    name as category_name,
    status as category_status
from stream
