import type { ComponentChildren } from "preact";
import { Words } from "../parts/words.tsx";
import { Control } from "./control.tsx";
import { faultOf } from "./form-problem.ts";
import { alternativesOf, brokenJson, kindOf, leftOut, type Schema, typedValue } from "./schema.ts";
import { isTree, type Tree } from "./tree.ts";

/** What all fields of a form share. */
interface FormProps {
  /** By dotted path, what is wrong. */
  wrong: ReadonlyMap<string, string>;
  change: (path: readonly string[], value: unknown) => void;
  /** What was typed is no value, and why. */
  refuse: (path: readonly string[], why: string) => void;
  /** Blocks that another was chosen for, by path and name. */
  left: Map<string, Tree>;
}

interface FieldProps extends FormProps {
  schema: Schema;
  path: readonly string[];
  value: unknown;
  isRequired?: boolean;
}

/** One setting, a group of them, or a choice between groups: made from the schema, whose descriptions and defaults stand beside the fields. */
export function SettingsField(props: FieldProps) {
  switch (kindOf(props.schema)) {
    case "group":
      return <Group {...props} />;
    case "alternatives":
      return <Choice {...props} />;
    default:
      return <Single {...props} />;
  }
}

interface FieldsProps extends FormProps {
  /** Of a group. */
  schema: Schema;
  path: readonly string[];
  values: Tree;
  /** Settings of the group that are not asked for. */
  without?: string | undefined;
}

/** The settings of a group. What it needs is needed only once something of it is given. */
export function SettingsFields({ schema, path, values, without, ...form }: FieldsProps) {
  const isGiven = path.length === 0 || Object.keys(values).length > 0;
  return (
    <>
      {Object.entries(schema.properties ?? {})
        .filter(([key]) => key !== without)
        .map(([key, field]) => (
          <SettingsField
            key={key}
            schema={field}
            path={[...path, key]}
            value={values[key]}
            isRequired={isGiven && (schema.required?.includes(key) ?? false)}
            {...form}
          />
        ))}
    </>
  );
}

const treeOf = (value: unknown): Tree => (isTree(value) ? value : {});

function Group({ schema, path, value, isRequired: _, ...form }: FieldProps) {
  const values = treeOf(value);
  const name = path.join(".");
  const isTouched =
    Object.keys(values).length > 0 || [...form.wrong.keys()].some((each) => each.startsWith(`${name}.`));
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
        <SettingsFields schema={schema} path={path} values={values} {...form} />
      </fieldset>
    </details>
  );
}

/**
 * One of several blocks, and then its settings. Each has its own: what has one name in two blocks may mean another server, or another folder.
 * Whoever tries another block and comes back finds what was typed.
 */
function Choice(props: FieldProps) {
  const { schema, path, value, isRequired: _, ...form } = props;
  const choice = alternativesOf(schema);
  const values = treeOf(value);
  const chosen = choice === null ? "" : String(values[choice.key] ?? "");
  const block = choice?.blocks.get(chosen);
  // A block that this page does not know, such as one of a newer service, is written as it is.
  if (choice === null || (block === undefined && value !== undefined)) return <Single {...props} />;
  const name = path.join(".");
  const problem = form.wrong.get(name) ?? form.wrong.get(`${name}.${choice.key}`);
  const choose = (other: string) => {
    form.left.set(`${name} ${chosen}`, values);
    const before = form.left.get(`${name} ${other}`);
    form.change(path, other === "" ? undefined : { ...before, [choice.key]: other });
  };
  return (
    <>
      <Labelled path={path} schema={schema} problem={problem}>
        <select
          id={name}
          class="input"
          aria-describedby={`${name} help`}
          aria-invalid={problem !== undefined}
          value={chosen}
          onChange={({ currentTarget }) => choose(currentTarget.value)}
        >
          <option value="">{leftOut(schema)}</option>
          {[...choice.blocks].map(([each, { description }]) => (
            <option key={each} value={each}>
              {description === undefined ? each : `${each}: ${description}`}
            </option>
          ))}
        </select>
      </Labelled>
      {block && (
        <fieldset key={chosen}>
          <legend class="vh">{`${name}: ${chosen}`}</legend>
          <SettingsFields schema={block} path={path} values={values} without={choice.key} {...form} />
        </fieldset>
      )}
    </>
  );
}

/** A field with its name above, and below it what is wrong and what it is for. */
function Labelled({
  path,
  schema,
  problem,
  children,
}: {
  path: readonly string[];
  schema: Schema;
  problem: string | undefined;
  children: ComponentChildren;
}) {
  const name = path.join(".");
  return (
    <div class="row">
      <label for={name}>{path.at(-1)}</label>
      {children}
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

function Single({ schema, path, value, wrong, isRequired = false, change, refuse }: FieldProps) {
  const name = path.join(".");
  const problem = faultOf(wrong, name);
  const type = (typed: string) => {
    try {
      change(path, typedValue(schema, typed));
    } catch (thrown) {
      refuse(path, brokenJson(schema, thrown));
    }
  };
  return (
    <Labelled path={path} schema={schema} problem={problem}>
      <Control
        schema={schema}
        name={name}
        value={value}
        isRequired={isRequired}
        isWrong={problem !== undefined}
        type={type}
        set={(given) => change(path, given)}
      />
    </Labelled>
  );
}
