import { Search } from 'lucide-react';
import { Switch as RadixSwitch, ToggleGroup } from 'radix-ui';
import { type ComponentProps, cloneElement, type ReactElement, type ReactNode, type Ref, useId } from 'react';
import { classes } from './classes.ts';
import styles from './controls.module.css';
import { Kbd } from './Kbd.tsx';

export interface FieldProps {
  label: string;
  hint?: ReactNode;
  error?: string | undefined;
  /** One input; it is given an id and its descriptions. */
  children: ReactElement<{ id?: string; 'aria-describedby'?: string; 'aria-invalid'?: boolean }>;
}

export function Field({ label, hint, error, children }: FieldProps) {
  const id = useId();
  const described = error !== undefined || hint !== undefined;
  return (
    <div className={styles.field}>
      <label className={styles.fieldLabel} htmlFor={id}>
        {label}
      </label>
      {cloneElement(children, {
        id,
        'aria-invalid': error !== undefined,
        ...(described && { 'aria-describedby': `${id}-more` }),
      })}
      {described && (
        <p id={`${id}-more`} className={error !== undefined ? styles.fieldError : styles.fieldHint}>
          {error ?? hint}
        </p>
      )}
    </div>
  );
}

export function TextInput(props: ComponentProps<'input'>) {
  return (
    <input
      type="text"
      spellCheck={false}
      autoComplete="off"
      {...props}
      className={classes(styles.input, props.className)}
    />
  );
}

export function TextArea(props: ComponentProps<'textarea'>) {
  return <textarea spellCheck={false} {...props} className={classes(styles.input, props.className)} />;
}

export interface SelectProps extends Omit<ComponentProps<'select'>, 'onChange' | 'value'> {
  options: readonly { value: string; label: string }[];
  value: string;
  onChange(value: string): void;
}

/** The platform's own list: it is accessible and fast, and looks like the platform. */
export function Select({ options, value, onChange, ...rest }: SelectProps) {
  return (
    <select
      {...rest}
      className={classes(styles.input, rest.className)}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    >
      {options.map((option) => (
        <option key={option.value} value={option.value}>
          {option.label}
        </option>
      ))}
    </select>
  );
}

export interface SearchInputProps extends Omit<ComponentProps<'input'>, 'onChange' | 'value'> {
  /** Accessible name and placeholder. */
  label: string;
  value: string;
  onChange(value: string): void;
  /** Keys that focus it. */
  keys?: string | undefined;
  inputRef?: Ref<HTMLInputElement>;
}

export function SearchInput({ label, value, onChange, keys, inputRef, className, ...rest }: SearchInputProps) {
  return (
    <div className={classes(styles.search, className)}>
      <Search size={14} aria-hidden />
      <input
        type="text"
        spellCheck={false}
        autoComplete="off"
        {...rest}
        ref={inputRef}
        className={styles.input}
        aria-label={label}
        placeholder={label}
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
      {keys !== undefined && value === '' && <Kbd keys={keys} />}
    </div>
  );
}

export interface SwitchProps {
  label: string;
  checked: boolean;
  onChange(checked: boolean): void;
  id?: string;
  disabled?: boolean;
}

/** On or off, in effect at once. The label is its accessible name; the caller writes the visible one. */
export function Switch({ label, checked, onChange, ...rest }: SwitchProps) {
  return (
    <RadixSwitch.Root
      {...rest}
      className={styles.switch}
      aria-label={label}
      checked={checked}
      onCheckedChange={onChange}
    >
      <RadixSwitch.Thumb className={styles.switchThumb} />
    </RadixSwitch.Root>
  );
}

export interface SegmentsProps<T extends string> {
  label: string;
  options: readonly { value: NoInfer<T>; label: ReactNode; name?: string }[];
  value: T;
  onChange(value: NoInfer<T>): void;
}

/** One of a few, all visible. */
export function Segments<T extends string>({ label, options, value, onChange }: SegmentsProps<T>) {
  return (
    <ToggleGroup.Root
      type="single"
      className={styles.segments}
      aria-label={label}
      value={value}
      onValueChange={(next) => {
        const option = options.find((each) => each.value === next);
        if (option !== undefined) onChange(option.value);
      }}
    >
      {options.map((option) => (
        <ToggleGroup.Item
          key={option.value}
          value={option.value}
          className={styles.segment}
          {...(option.name !== undefined && { 'aria-label': option.name, title: option.name })}
        >
          {option.label}
        </ToggleGroup.Item>
      ))}
    </ToggleGroup.Root>
  );
}
