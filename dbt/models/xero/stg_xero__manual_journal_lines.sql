{% set columns = {
    'tenant_id': 'text',
    'manual_journal_id': 'text',
    'line_number': 'bigint',
    'account_id': 'text',
    'account_code': 'text',
    'description': 'text',
    'line_amount': 'numeric',
    'tax_type': 'text',
    'tax_amount': 'numeric',
    '_sdc_deleted_at': 'timestamptz'
} %}

select
    tenant_id,
    manual_journal_id,
    line_number,
    account_id,
    account_code,
    description,
    line_amount,
    tax_type,
    tax_amount
from {{ optional_source('xero', 'manual_journal_lines', columns) }} as manual_journal_lines
where _sdc_deleted_at is null
