-- With whom, and on account of what: one row for each object that an engagement is associated with.
{% set engagements = {'calls': 'call', 'emails': 'email', 'meetings': 'meeting', 'notes': 'note', 'tasks': 'task'} %}
{% set objects = {'contacts': 'contact', 'companies': 'company', 'deals': 'deal', 'tickets': 'ticket'} %}
{% set keys = {'association_category': 'text', 'association_type_id': 'bigint', 'association_label': 'text', 'is_primary': 'boolean', '_sdc_deleted_at': 'timestamptz', '_sdc_batched_at': 'timestamptz'} %}

{% for engagement, own in engagements.items() -%}
{% set outer = loop -%}
{% for object, other in objects.items() -%}
{% set columns = dict(keys) -%}
{% do columns.update({own ~ '_id': 'text', other ~ '_id': 'text'}) -%}
select distinct
    '{{ engagement }}' as engagement_type,
    {{ own }}_id as engagement_id,
    '{{ object }}' as object_type,
    {{ other }}_id as object_id
from {{ optional_source('hubspot', engagement ~ '_' ~ object, columns) }} as {{ engagement }}_{{ object }}
where _sdc_deleted_at is null
{% if not (outer.last and loop.last) %}
union all

{% endif -%}
{% endfor -%}
{% endfor %}
