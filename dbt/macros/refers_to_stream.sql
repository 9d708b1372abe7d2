{# Each value names a row of another stream, be it a tombstone. Passes where that stream is not read: there is no table to look into. #}
{% test refers_to_stream(model, column_name, source_name, stream, field='id') %}
    {%- set other = source(source_name, stream) -%}
    {%- if execute and load_relation(other) is none %}
select 1 as missing
where false
    {%- else %}
select child.{{ column_name }}
from {{ model }} as child
left join {{ other }} as parent on child.{{ column_name }} = parent.{{ field }}
where child.{{ column_name }} is not null and parent.{{ field }} is null
    {%- endif %}
{% endtest %}
