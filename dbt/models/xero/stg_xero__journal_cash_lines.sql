with stream as (
    {{ stream_or_empty('xero', 'journal_cash_lines', {
    'tenant_id': 'text',
    'journal_line_id': 'text',
    'journal_id': 'text',
    'account_id': 'text',
    'account_code': 'text',
    'net_amount': 'numeric',
    'tax_amount': 'numeric'
    }) | indent(4) }}
)

select
    tenant_id,
    journal_line_id,
    journal_id,
    account_id,
    account_code,
    net_amount,
    tax_amount
from stream
