select id, text from {{ source('notes', 'notes') }}
