{# The lines of one of Xero's monthly reports. #}
{% macro xero_report_lines(stream) %}
with stream as (
    {{ stream_or_empty('xero', stream, {
    'tenant_id': 'text',
    'period': 'date',
    'line_number': 'bigint',
    'section': 'text',
    'name': 'text',
    'account_id': 'text',
    'amount': 'numeric'
    }) | indent(4) }}
)

select
    tenant_id,
    period,
    line_number,
    section,
    name as line_name,
    account_id,
    amount
from stream
{% endmacro %}
