{# The live rows of a stream, or none of the same columns while its table does not exist: a stream that was never selected, is refused by the
   account's plan, or has not brought a row yet has no table. Columns are a mapping of name to type. #}
{% macro stream_or_empty(source_name, stream, columns) -%}
  {%- set declared = source(source_name, stream) -%}
  {%- set found = adapter.get_relation(declared.database, declared.schema, declared.identifier) if execute else none -%}
  {%- if found -%}
select
    {{ columns.keys() | join(',\n    ') }}
from {{ declared }}
where _sdc_deleted_at is null
  {%- else -%}
select
    {%- for name, type in columns.items() %}
    null::{{ type }} as {{ name }}{{ ',' if not loop.last }}
    {%- endfor %}
where false
  {%- endif -%}
{%- endmacro %}
