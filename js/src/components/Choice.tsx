import { useId } from "preact/hooks";

interface Props<T extends string> {
  title: string;
  value: T;
  options: { value: T; label: string }[];
  hint?: string;
  /** Beside each other. */
  row?: boolean;
  onChoose: (value: T) => void;
}

/** One of a few. */
export function Choice<T extends string>({ title, value, options, hint, row, onChoose }: Props<T>) {
  const name = useId();
  return (
    <fieldset class={row ? "cc-choice cc-choice-row" : "cc-choice"}>
      <legend>{title}</legend>
      {options.map((option) => (
        <label key={option.value}>
          <input
            type="radio"
            name={name}
            value={option.value}
            checked={option.value === value}
            onChange={() => onChoose(option.value)}
          />
          {option.label}
        </label>
      ))}
      {hint && <p class="cc-hint">{hint}</p>}
    </fieldset>
  );
}
