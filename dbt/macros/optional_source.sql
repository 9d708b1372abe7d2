{# A source table that an account may not have: a stream that is not selected, or whose scope is missing. Without the table, its
   columns without rows, so that the models on it build. #}
{% macro optional_source(source_name, table_name, columns) %}
    {%- set relation = source(source_name, table_name) -%}
    {%- if execute and load_relation(relation) is none -%}
        (select
        {%- for name, type in columns.items() %} null::{{ type }} as {{ adapter.quote(name) }}{{ "," if not loop.last }}{% endfor %}
        where false)
    {%- else -%}
        {{ relation }}
    {%- endif -%}
{% endmacro %}
