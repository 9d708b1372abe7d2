import { formatCount } from '@pipeline/protocol/format';
import { Icon } from '../../parts/icon.tsx';
import type { SettingField } from '../../schema.ts';

interface SettingFieldsProps {
  fields: SettingField[];
  values: Record<string, string>;
  change: (name: string, value: string) => void;
  /** Variables that set a field: it is shown and cannot be changed. */
  locked?: { setting: string; variable: string }[];
  /** Secrets that are kept already: empty leaves them as they are. */
  kept?: string[];
}

/** The settings of a tap as a form, from its own description: what lets us in first, the rest folded. */
export function SettingFields(props: SettingFieldsProps) {
  const isNeeded = ({ isRequired, isSecret }: SettingField) => isRequired || isSecret;
  const rest = props.fields.filter((field) => !isNeeded(field));
  return (
    <>
      <Fields {...props} fields={props.fields.filter(isNeeded)} />
      {rest.length > 0 && (
        <details>
          <summary class="small">{formatCount(rest.length, 'more setting')}, each with a good default</summary>
          <div class="stack gap3 pad0">
            <Fields {...props} fields={rest} />
          </div>
        </details>
      )}
    </>
  );
}

function Fields({ fields, values, change, locked = [], kept = [] }: SettingFieldsProps) {
  return (
    <>
      {fields.map((field) => {
        const lock = locked.find(({ setting }) => setting === field.name);
        const isKept = kept.includes(field.name);
        return (
          <label key={field.name} class="field">
            <span>
              {field.label}
              {!field.isRequired && <span class="muted"> (optional)</span>}
              {lock !== undefined && (
                <span class="muted">
                  {' '}
                  <Icon name="lock" /> set by <code>{lock.variable}</code>
                </span>
              )}
            </span>
            <Input
              field={field}
              value={values[field.name] ?? ''}
              isLocked={lock !== undefined}
              isKept={isKept}
              change={(value) => change(field.name, value)}
            />
            {field.description !== '' && <span class="small muted">{field.description}</span>}
          </label>
        );
      })}
    </>
  );
}

interface InputProps {
  field: SettingField;
  value: string;
  isLocked: boolean;
  isKept: boolean;
  change: (value: string) => void;
}

function Input({
  field: { type, isSecret, isRequired, default: initial },
  value,
  isLocked,
  isKept,
  change,
}: InputProps) {
  const shared = {
    value,
    disabled: isLocked,
    onInput: (event: { currentTarget: HTMLInputElement }) => change(event.currentTarget.value),
    required: isRequired && !isLocked && !isKept,
    placeholder: isKept
      ? 'set; leave empty to keep it'
      : initial === undefined || initial === null
        ? ''
        : String(initial),
    autocomplete: 'off' as const,
    spellcheck: false,
  };
  if (type === 'flag') {
    return (
      <select class="select" value={value} disabled={isLocked} onChange={(event) => change(event.currentTarget.value)}>
        <option value="">{`as by default${initial === undefined ? '' : `, ${initial === true ? 'yes' : 'no'}`}`}</option>
        <option value="true">yes</option>
        <option value="false">no</option>
      </select>
    );
  }
  return (
    <span class="input">
      {isSecret ? (
        <input type="password" {...shared} />
      ) : type === 'number' ? (
        <input type="number" {...shared} />
      ) : type === 'date' ? (
        <input type="date" {...shared} />
      ) : (
        <input {...shared} />
      )}
    </span>
  );
}

/** Text of the form as the settings of the API want it; what is empty is left out. */
export function settingsOf(
  fields: SettingField[],
  values: Record<string, string>,
  isSecret: boolean,
): Record<string, string | number | boolean | string[]> {
  const found: Record<string, string | number | boolean | string[]> = {};
  for (const field of fields) {
    const text = (values[field.name] ?? '').trim();
    if (field.isSecret !== isSecret || text === '') continue;
    if (field.type === 'number') found[field.name] = Number(text);
    else if (field.type === 'flag') found[field.name] = text === 'true';
    else if (field.type === 'list') found[field.name] = text.split(/[\s,]+/).filter(Boolean);
    else found[field.name] = text;
  }
  return found;
}
