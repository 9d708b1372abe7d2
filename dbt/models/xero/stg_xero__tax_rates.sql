with stream as (
    {{ stream_or_empty('xero', 'tax_rates', {
    'tenant_id': 'text',
    'name': 'text',
    'tax_type': 'text',
    'status': 'text',
    'effective_rate': 'numeric',
    'display_tax_rate': 'numeric'
    }) | indent(4) }}
)

select
    tenant_id,
    name as tax_rate_name,
    tax_type,
    status as tax_rate_status,
    effective_rate,
    display_tax_rate
from stream
