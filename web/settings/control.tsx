import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { exampleOf, kindOf, leftOut, mask, needed, type Schema, textOf } from "./schema.ts";

interface ControlProps {
  schema: Schema;
  name: string;
  value: unknown;
  isRequired: boolean;
  isWrong: boolean;
  /** With what was typed. */
  type: (typed: string) => void;
  /** With a value that needs no reading. */
  set: (value: unknown) => void;
}

/** The field of one setting, of its kind. */
export function Control({ schema, name, value, isRequired, isWrong, type, set }: ControlProps) {
  const common = {
    id: name,
    class: "input",
    "aria-describedby": `${name} help`,
    "aria-invalid": isWrong,
    required: isRequired,
  };
  const kind = kindOf(schema);
  if (kind === "switch" || kind === "choice") {
    const choices = kind === "switch" ? ["true", "false"] : (schema.enum ?? []);
    const read = (typed: string) => (kind === "switch" ? typed === "true" : typed);
    return (
      <select
        {...common}
        value={value === undefined ? "" : String(value)}
        onChange={({ currentTarget: { value: typed } }) => set(typed === "" ? undefined : read(typed))}
      >
        <option value="">{leftOut(schema)}</option>
        {choices.map((choice) => (
          <option key={choice} value={choice}>
            {choice}
          </option>
        ))}
      </select>
    );
  }
  const placeholder = isRequired ? needed(schema) : leftOut(schema);
  const onInput = ({ currentTarget }: { currentTarget: HTMLInputElement | HTMLTextAreaElement }) =>
    type(currentTarget.value);
  if (kind === "json" || kind === "lines")
    return (
      <textarea
        {...common}
        rows={3}
        placeholder={kind === "json" ? jsonHint(schema) : placeholder}
        defaultValue={textOf(schema, value)}
        onInput={onInput}
      />
    );
  if (schema.writeOnly)
    return <Secret {...common} placeholder={placeholder} value={value} type={type} set={set} />;
  return (
    <input
      {...common}
      inputMode={kind === "number" ? "decimal" : "text"}
      placeholder={placeholder}
      defaultValue={textOf(schema, value)}
      onInput={onInput}
    />
  );
}

/** How a setting is written for which there is no field of its own. */
const jsonHint = (schema: Schema): string => `${leftOut(schema)}; JSON, such as ${exampleOf(schema)}`;

interface SecretProps {
  id: string;
  value: unknown;
  placeholder: string;
  required: boolean;
  type: (typed: string) => void;
  set: (value: unknown) => void;
}

/** What is typed is seen only as long as somebody wants to see it. A secret that the service keeps is not here, and so cannot be shown. */
function Secret({ value, type, set, placeholder, ...input }: SecretProps) {
  const isShown = useSignal(false);
  const isKept = useRef(value === mask).current;
  const now = value === mask ? "kept" : value === undefined ? "none" : "typed";
  return (
    <div class="secret">
      <input
        {...input}
        // A union of both has no type of its own in the typings.
        {...(isShown.value ? { type: "text" } : { type: "password" })}
        autocomplete="new-password"
        placeholder={now === "kept" ? "kept; type to replace it" : placeholder}
        defaultValue={now === "typed" && typeof value === "string" ? value : ""}
        onInput={({ currentTarget: { value: typed } }) => (typed === "" && isKept ? set(mask) : type(typed))}
      />
      {now === "typed" && (
        <button
          type="button"
          class="btn sm"
          aria-pressed={isShown.value}
          aria-label={`Show ${input.id}`}
          onClick={() => {
            isShown.value = !isShown.value;
          }}
        >
          {isShown.value ? "Hide" : "Show"}
        </button>
      )}
      {now !== "typed" && isKept && !input.required && (
        <button
          type="button"
          class="btn sm"
          aria-label={`${now === "kept" ? "Remove" : "Keep"} ${input.id}`}
          onClick={() => set(now === "kept" ? undefined : mask)}
        >
          {now === "kept" ? "Remove" : "Keep"}
        </button>
      )}
    </div>
  );
}
