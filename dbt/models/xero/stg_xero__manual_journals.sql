{% set columns = {
    'tenant_id': 'text',
    'manual_journal_id': 'text',
    'narration': 'text',
    'date': 'date',
    'status': 'text',
    'show_on_cash_basis_reports': 'boolean',
    'updated_date_utc': 'timestamptz',
    '_sdc_deleted_at': 'timestamptz'
} %}

select
    tenant_id,
    manual_journal_id,
    narration,
    date as journal_date,
    status as journal_status,
    show_on_cash_basis_reports,
    updated_date_utc as updated_at
from {{ optional_source('xero', 'manual_journals', columns) }} as manual_journals
where _sdc_deleted_at is null
