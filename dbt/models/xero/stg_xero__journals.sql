with stream as (
    {{ stream_or_empty('xero', 'journals', {
    'tenant_id': 'text',
    'journal_id': 'text',
    'journal_number': 'bigint',
    'journal_date': 'date',
    'source_type': 'text',
    'source_id': 'text',
    'reference': 'text',
    'created_date_utc': 'timestamptz'
    }) | indent(4) }}
)

select
    tenant_id,
    journal_id,
    journal_number,
    journal_date,
    source_type,
    source_id,
    nullif(reference, '') as reference,
    created_date_utc as created_at
from stream
