{% set columns = {
    'tenant_id': 'text',
    'journal_line_id': 'text',
    'journal_id': 'text',
    'account_id': 'text',
    'account_code': 'text',
    'net_amount': 'numeric',
    'tax_amount': 'numeric',
    '_sdc_deleted_at': 'timestamptz'
} %}

select
    tenant_id,
    journal_line_id,
    journal_id,
    account_id,
    account_code,
    net_amount,
    tax_amount
from {{ optional_source('xero', 'journal_cash_lines', columns) }} as journal_cash_lines
where _sdc_deleted_at is null
