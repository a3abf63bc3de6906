import { useSignal } from "@preact/signals";
import { Words } from "../parts/words.tsx";
import { kindOf, type Schema, textOf, typedValue } from "./schema.ts";

interface FieldProps {
  schema: Schema;
  path: readonly string[];
  value: unknown;
  /** By dotted path, what the service found wrong. */
  wrong: ReadonlyMap<string, string>;
  isRequired?: boolean;
  change: (path: readonly string[], value: unknown) => void;
}

/** One setting, or a group of them: made from the schema, whose descriptions and defaults stand beside the fields. */
export function SettingsField(props: FieldProps) {
  return kindOf(props.schema) === "group" ? <Group {...props} /> : <Single {...props} />;
}

function Group({ schema, path, value, wrong, change }: FieldProps) {
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
          />
        ))}
      </fieldset>
    </details>
  );
}

function Single({ schema, path, value, wrong, isRequired = false, change }: FieldProps) {
  const name = path.join(".");
  const broken = useSignal<string | null>(null);
  const problem = broken.value ?? wrong.get(name);
  const type = (typed: string) => {
    try {
      broken.value = null;
      change(path, typedValue(schema, typed));
    } catch (thrown) {
      broken.value = `is no JSON: ${(thrown as Error).message}`;
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
        rows={3}
        placeholder={leftOut(schema)}
        defaultValue={textOf(schema, value)}
        onInput={onInput}
      />
    );
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

/** What holds when the setting is left out. */
function leftOut({ default: fallback }: Schema): string {
  return fallback === undefined
    ? "not set"
    : `${typeof fallback === "object" ? JSON.stringify(fallback) : fallback}, when left out`;
}
