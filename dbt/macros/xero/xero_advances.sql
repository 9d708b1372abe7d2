{# Money paid in advance or too much: prepayments and overpayments have the same form. #}
{% macro xero_advances(stream, kind) %}
with stream as (
    {{ stream_or_empty('xero', stream, {
    'tenant_id': 'text',
    kind ~ '_id': 'text',
    'type': 'text',
    'status': 'text',
    'contact_id': 'text',
    'date': 'date',
    'currency_code': 'text',
    'total': 'numeric',
    'remaining_credit': 'numeric',
    'updated_date_utc': 'timestamptz'
    }) | indent(4) }}
)

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
from stream
{% endmacro %}
