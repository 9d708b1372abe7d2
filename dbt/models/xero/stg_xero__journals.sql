{% set columns = {
    'tenant_id': 'text',
    'journal_id': 'text',
    'journal_number': 'bigint',
    'journal_date': 'date',
    'source_type': 'text',
    'source_id': 'text',
    'reference': 'text',
    'created_date_utc': 'timestamptz',
    '_sdc_deleted_at': 'timestamptz'
} %}

select
    tenant_id,
    journal_id,
    journal_number,
    journal_date,
    source_type,
    source_id,
    nullif(reference, '') as reference,
    created_date_utc as created_at
from {{ optional_source('xero', 'journals', columns) }} as journals
where _sdc_deleted_at is null
