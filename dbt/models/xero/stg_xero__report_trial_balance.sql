with stream as (
    {{ stream_or_empty('xero', 'report_trial_balance', {
    'tenant_id': 'text',
    'period': 'date',
    'line_number': 'bigint',
    'section': 'text',
    'name': 'text',
    'account_id': 'text',
    'debit': 'numeric',
    'credit': 'numeric',
    'ytd_debit': 'numeric',
    'ytd_credit': 'numeric'
    }) | indent(4) }}
)

select
    tenant_id,
    period,
    line_number,
    section,
    name as line_name,
    account_id,
    debit,
    credit,
    ytd_debit,
    ytd_credit
from stream
