with stream as (
    {{ stream_or_empty('xero', 'tracking_options', {
    'tenant_id': 'text',
    'tracking_category_id': 'text',
    'tracking_option_id': 'text',
    'name': 'text',
    'status': 'text'
    }) | indent(4) }}
)

select
    tenant_id,
    tracking_category_id,
    tracking_option_id,
    name as option_name,
    status as option_status
from stream
