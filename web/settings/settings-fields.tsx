import { useSignal } from "@preact/signals";
import { Words } from "../parts/words.tsx";
import {
  brokenJson,
  exampleOf,
  kindOf,
  kindsOf,
  leftOut,
  type Schema,
  textOf,
  typedValue,
} from "./schema.ts";

interface FieldProps {
  schema: Schema;
  path: readonly string[];
  value: unknown;
  /** By dotted path, what is wrong. */
  wrong: ReadonlyMap<string, string>;
  isRequired?: boolean;
  change: (path: readonly string[], value: unknown) => void;
  /** What was typed is no value, and why. */
  refuse: (path: readonly string[], why: string) => void;
}

/** One setting, or a group of them: made from the schema, whose descriptions and defaults stand beside the fields. */
export function SettingsField(props: FieldProps) {
  return kindOf(props.schema) === "group" ? <Group {...props} /> : <Single {...props} />;
}

function Group({ schema, path, value, wrong, change, refuse }: FieldProps) {
  const inner = Object.entries(schema.properties ?? {});
  const values = typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  const name = path.join(".");
  const isTouched = Object.keys(values).length > 0 || [...wrong.keys()].some((each) => each.startsWith(name));
  return (
    <details open={isTouched}>
      <summary>
        <b>{path.at(-1)}</b>{" "}
        {schema.description && (
          <span class="help">
            <Words text={schema.description} />
          </span>
        )}
      </summary>
      <fieldset>
        <legend class="vh">{name}</legend>
        {inner.map(([key, field]) => (
          <SettingsField
            key={key}
            schema={field}
            path={[...path, key]}
            value={values[key]}
            wrong={wrong}
            change={change}
            refuse={refuse}
          />
        ))}
      </fieldset>
    </details>
  );
}

function Single({ schema, path, value, wrong, isRequired = false, change, refuse }: FieldProps) {
  const name = path.join(".");
  const problem = wrong.get(name);
  const type = (typed: string) => {
    try {
      change(path, typedValue(schema, typed));
    } catch (thrown) {
      refuse(path, brokenJson(schema, thrown));
    }
  };
  return (
    <div class="row">
      <label for={name}>{path.at(-1)}</label>
      <Control
        schema={schema}
        name={name}
        value={value}
        isRequired={isRequired}
        isWrong={problem !== undefined}
        type={type}
        set={(given) => change(path, given)}
      />
      {problem !== undefined && (
        <p class="wrong">
          <Words text={problem} />
        </p>
      )}
      {schema.description && (
        <p class="help" id={`${name} help`}>
          <Words text={schema.description} />
        </p>
      )}
    </div>
  );
}

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

function Control({ schema, name, value, isRequired, isWrong, type, set }: ControlProps) {
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
  const onInput = ({ currentTarget }: { currentTarget: HTMLInputElement | HTMLTextAreaElement }) =>
    type(currentTarget.value);
  if (kind === "json" || kind === "lines")
    return (
      <textarea
        {...common}
        rows={kindsOf(schema).length > 0 ? 6 : 3}
        placeholder={kind === "json" ? jsonHint(schema) : leftOut(schema)}
        defaultValue={textOf(schema, value)}
        onInput={onInput}
      />
    );
  if (schema.writeOnly)
    return <Secret {...common} placeholder={leftOut(schema)} value={value} onInput={onInput} />;
  return (
    <input
      {...common}
      inputMode={kind === "number" ? "decimal" : "text"}
      placeholder={leftOut(schema)}
      defaultValue={textOf(schema, value)}
      onInput={onInput}
    />
  );
}

/** How a setting is written for which there is no field of its own. */
function jsonHint(schema: Schema): string {
  const kinds = kindsOf(schema);
  const choice = kinds.length === 0 ? "" : `; type is one of ${kinds.join(", ")}`;
  return `${leftOut(schema)}; JSON, such as ${exampleOf(schema)}${choice}`;
}

interface SecretProps {
  id: string;
  value: unknown;
  placeholder: string;
  onInput: (event: { currentTarget: HTMLInputElement }) => void;
}

/** What is typed is seen only as long as somebody wants to see it. */
function Secret({ value, ...input }: SecretProps) {
  const isShown = useSignal(false);
  return (
    <div class="secret">
      <input
        {...input}
        // A union of both has no type of its own in the typings.
        {...(isShown.value ? { type: "text" } : { type: "password" })}
        autocomplete="new-password"
        defaultValue={typeof value === "string" ? value : ""}
      />
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
    </div>
  );
}
