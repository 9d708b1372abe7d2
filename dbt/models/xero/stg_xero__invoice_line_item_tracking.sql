with stream as (
    {{ stream_or_empty('xero', 'invoice_line_item_tracking', {
    'tenant_id': 'text',
    'invoice_id': 'text',
    'line_item_id': 'text',
    'tracking_category_id': 'text',
    'tracking_option_id': 'text',
    'name': 'text',
    'option': 'text'
    }) | indent(4) }}
)

select
    tenant_id,
    invoice_id,
    line_item_id,
    tracking_category_id,
    tracking_option_id,
    name as category_name,
    option as option_name
from stream
