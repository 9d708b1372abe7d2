-- Custom fields of tasks under their names, one row a value.

select
    field_values.task_id || '/' || field_values.custom_field_id as task_field_id,
    field_values.task_id,
    tasks.task_name,
    field_values.custom_field_id,
    fields.field_name,
    field_values.field_type,
    field_values.value,
    field_values.value_number,
    field_values.value_date,
    field_values.value_boolean,
    field_values.value_list
from {{ ref('stg_wrike__task_custom_fields') }} as field_values
inner join {{ ref('stg_wrike__tasks') }} as tasks on field_values.task_id = tasks.task_id
left join {{ ref('stg_wrike__custom_fields') }} as fields on field_values.custom_field_id = fields.custom_field_id
