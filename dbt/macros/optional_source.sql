{# A source table that there may not be: a stream that was never selected, is refused by the account's plan, or has not brought a row yet. Without
   the table, its columns (a mapping of name to type) without rows, so that the models on it build. #}
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
