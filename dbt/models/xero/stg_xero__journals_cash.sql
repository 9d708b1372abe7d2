{% set columns = {
    'tenant_id': 'text',
    'journal_id': 'text',
    'journal_number': 'bigint',
    'journal_date': 'date',
    'source_type': 'text',
    'source_id': 'text',
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
    created_date_utc as created_at
from {{ optional_source('xero', 'journals_cash', columns) }} as journals_cash
where _sdc_deleted_at is null
