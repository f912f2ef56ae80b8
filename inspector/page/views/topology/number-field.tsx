interface NumberFieldProps {
  readonly name: string;
  readonly label: string;
  readonly unit: string;
  readonly min: number;
  readonly max: number;
  readonly value: string;
  readonly set: (value: string) => void;
}

/** A number that a person writes, between its name and its unit. */
export function NumberField({ name, label, unit, min, max, value, set }: NumberFieldProps) {
  return (
    <label>
      <span>{label}</span>
      <input
        type="number"
        name={name}
        min={min}
        max={max}
        step="any"
        required
        value={value}
        onInput={(event) => set(event.currentTarget.value)}
      />
      {unit}
    </label>
  );
}
