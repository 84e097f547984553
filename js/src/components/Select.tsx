import { useId } from "preact/hooks";

interface Props<T extends string> {
  title: string;
  value: T;
  options: { value: T; label: string }[];
  onChoose: (value: T) => void;
}

/** One of many. */
export function Select<T extends string>({ title, value, options, onChoose }: Props<T>) {
  const id = useId();
  return (
    <div class="cc-field cc-select-field">
      <label for={id}>{title}</label>
      <select
        id={id}
        class="cc-input cc-select"
        data-keep={`select:${options.map((option) => option.value).join()}`}
        value={value}
        onChange={(event) => onChoose(event.currentTarget.value as T)}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </div>
  );
}
