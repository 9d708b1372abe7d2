{# A model's schema is the one its configuration names, as it stands: analytics_hubspot, not <target schema>_analytics_hubspot. #}
{% macro generate_schema_name(custom_schema_name, node) -%}
  {{ (custom_schema_name or target.schema) | trim }}
{%- endmacro %}
