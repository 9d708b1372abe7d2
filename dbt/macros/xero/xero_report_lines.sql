{# The lines of one of Xero's reports. #}
{% macro xero_report_lines(stream, amounts=['amount']) %}
{%- set columns = {
    'tenant_id': 'text',
    'period': 'date',
    'line_number': 'bigint',
    'section': 'text',
    'name': 'text',
    'account_id': 'text',
    '_sdc_deleted_at': 'timestamptz'
} -%}
{%- for amount in amounts %}{% do columns.update({amount: 'numeric'}) %}{% endfor -%}
select
    tenant_id,
    period,
    line_number,
    section,
    name as line_name,
    account_id,
    {{ amounts | join(',\n    ') }}
from {{ optional_source('xero', stream, columns) }} as {{ stream }}
where _sdc_deleted_at is null
{% endmacro %}
