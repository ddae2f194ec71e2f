import { type ComponentProps, type ReactNode, useId } from 'react'

interface FieldProps {
  readonly label: string
  readonly hint?: string
  readonly error?: string | undefined
  readonly children: (ids: { readonly id: string; readonly 'aria-describedby': string | undefined }) => ReactNode
}

/** A label above a control, a hint or an error under it, tied together for screen readers. */
export const Field = ({ label, hint, error, children }: FieldProps) => {
  const id = useId()
  const noteId = `${id}-note`
  const note = error ?? hint
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <label htmlFor={id} className="font-medium">
        {label}
      </label>
      {children({ id, 'aria-describedby': note ? noteId : undefined })}
      {note ? (
        <p id={noteId} className={`text-sm ${error ? 'text-danger' : 'text-muted'}`}>
          {note}
        </p>
      ) : null}
    </div>
  )
}

type TextFieldProps = Omit<FieldProps, 'children'> &
  Omit<ComponentProps<'input'>, 'onChange' | 'id' | 'className'> & { readonly onChange: (value: string) => void }

export const TextField = ({ label, hint, error, onChange, ...input }: TextFieldProps) => (
  <Field label={label} {...(hint ? { hint } : {})} error={error}>
    {(ids) => (
      <input
        {...ids}
        {...input}
        aria-invalid={error ? true : undefined}
        onChange={(event) => onChange(event.target.value)}
        className="input w-full"
      />
    )}
  </Field>
)

type SelectFieldProps<T extends string> = Omit<FieldProps, 'children'> & {
  readonly value: T
  readonly options: readonly { readonly value: T; readonly label: string }[]
  readonly onChange: (value: T) => void
}

export const SelectField = <T extends string>({
  label,
  hint,
  error,
  value,
  options,
  onChange,
}: SelectFieldProps<T>) => (
  <Field label={label} {...(hint ? { hint } : {})} error={error}>
    {(ids) => (
      <select
        {...ids}
        value={value}
        onChange={(event) => {
          const chosen = options.find((option) => option.value === event.target.value)
          if (chosen) onChange(chosen.value)
        }}
        className="input w-full"
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    )}
  </Field>
)
