with stream as (
    {{ stream_or_empty('xero', 'tenants', {
    'tenant_id': 'text',
    'tenant_name': 'text',
    'connection_id': 'text',
    'created_date_utc': 'timestamptz',
    'updated_date_utc': 'timestamptz'
    }) | indent(4) }}
)

select
    tenant_id,
    tenant_name,
    connection_id,
    created_date_utc as created_at,
    updated_date_utc as updated_at
from stream
