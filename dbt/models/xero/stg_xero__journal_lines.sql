{% set columns = {
    'tenant_id': 'text',
    'journal_line_id': 'text',
    'journal_id': 'text',
    'line_number': 'bigint',
    'account_id': 'text',
    'account_code': 'text',
    'account_name': 'text',
    'account_type': 'text',
    'description': 'text',
    'net_amount': 'numeric',
    'gross_amount': 'numeric',
    'tax_amount': 'numeric',
    'tax_type': 'text',
    'tax_name': 'text',
    '_sdc_deleted_at': 'timestamptz'
} %}

select
    tenant_id,
    journal_line_id,
    journal_id,
    line_number,
    account_id,
    account_code,
    account_name,
    account_type,
    nullif(description, '') as description,
    net_amount,
    gross_amount,
    tax_amount,
    tax_type,
    tax_name
from {{ optional_source('xero', 'journal_lines', columns) }} as journal_lines
where _sdc_deleted_at is null
