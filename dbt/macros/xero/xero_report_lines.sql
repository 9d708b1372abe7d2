{# The lines of one of Xero's reports. #}
{% macro xero_report_lines(stream, amounts=['amount']) %}
{%- set columns = {
    'tenant_id': 'text',
    'period': 'date',
    'line_number': 'bigint',
    'section': 'text',
    'name': 'text',
    'account_id': 'text'
} -%}
{%- for amount in amounts %}{% do columns.update({amount: 'numeric'}) %}{% endfor -%}
with stream as (
    {{ stream_or_empty('xero', stream, columns) | indent(4) }}
)

select
    tenant_id,
    period,
    line_number,
    section,
    name as line_name,
    account_id,
    {{ amounts | join(',\n    ') }}
from stream
{% endmacro %}
