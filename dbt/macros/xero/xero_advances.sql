{# Money paid in advance or too much: prepayments and overpayments have the same form. #}
{% macro xero_advances(stream, kind) %}
{%- set columns = {
    'tenant_id': 'text',
    kind ~ '_id': 'text',
    'type': 'text',
    'status': 'text',
    'contact_id': 'text',
    'date': 'date',
    'currency_code': 'text',
    'total': 'numeric',
    'remaining_credit': 'numeric',
    'updated_date_utc': 'timestamptz',
    '_sdc_deleted_at': 'timestamptz'
} -%}
select
    tenant_id,
    {{ kind }}_id,
    type as {{ kind }}_type,
    status as {{ kind }}_status,
    contact_id,
    date as {{ kind }}_date,
    currency_code,
    total,
    remaining_credit,
    updated_date_utc as updated_at
from {{ optional_source('xero', stream, columns) }} as {{ stream }}
where _sdc_deleted_at is null
{% endmacro %}
