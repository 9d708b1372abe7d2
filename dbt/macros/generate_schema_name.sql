{# One namespace per source: the models of models/<source>/ are in the schema analytics_<source>, beside the source's tables. A schema that a
   model's configuration names counts as it stands. #}
{% macro generate_schema_name(custom_schema_name, node) -%}
  {%- if custom_schema_name -%} {{ custom_schema_name | trim }}
  {%- elif node.resource_type in ('model', 'seed', 'snapshot') and node.fqn | length > 2 -%} analytics_{{ node.fqn[1] }}
  {%- else -%} {{ target.schema | trim }}
  {%- endif -%}
{%- endmacro %}
