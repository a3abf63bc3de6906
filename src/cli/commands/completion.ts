import { Argument, Option } from "commander";
import * as z from "zod";
import type { CommandSpec } from "../command.ts";

/** `table` is evaluated when the command runs, because the command itself is in it. */
export function completionCommand(table: () => readonly CommandSpec[]): CommandSpec {
  return {
    name: "completion",
    summary: "Print a script by which a shell completes commands and options",
    details:
      'For bash and zsh: `eval "$(memory-connector completion bash)"` in `.bashrc` or `.zshrc`. For fish: ' +
      "`memory-connector completion fish | source` in `config.fish`.",
    arguments: [new Argument("<shell>", "the shell").choices(shells)],
    options: [],
    examples: ["completion bash", "completion zsh", "completion fish"],
    json: z.strictObject({ shell: z.enum(shells), script: z.string() }),
    run: async (input) => {
      const shell = input.arguments[0] as Shell;
      const everywhere = [
        new Option("--json", "print JSON"),
        new Option("--verbose", "print causes"),
        new Option("--help", "show help"),
      ];
      const script = completionScript(shell, table(), everywhere);
      return { json: { shell, script }, text: script.trimEnd(), isDocument: true };
    },
  };
}

const shells = ["bash", "zsh", "fish"] as const;
type Shell = (typeof shells)[number];

/** A position in the command tree, and its completions. */
interface Place {
  /** The commands so far, such as `keys create`; empty at the beginning. */
  route: string;
  children: readonly CommandSpec[];
  options: readonly Option[];
}

/**
 * A script that completes commands, options and the choices of options. Generated from the command table, so that it is complete.
 */
function completionScript(
  shell: Shell,
  table: readonly CommandSpec[],
  everywhere: readonly Option[],
): string {
  const places = placesOf(table, everywhere);
  return shell === "fish" ? fishScript(places) : posixScript(shell, places);
}

function placesOf(table: readonly CommandSpec[], everywhere: readonly Option[]): Place[] {
  const beneath = (spec: CommandSpec, route: string): Place[] => {
    const options = spec.run === undefined ? [] : [...spec.options, ...everywhere];
    const children = spec.children ?? [];
    return [
      { route, children, options },
      ...children.flatMap((child) => beneath(child, `${route} ${child.name}`)),
    ];
  };
  return [{ route: "", children: table, options: [] }, ...table.flatMap((spec) => beneath(spec, spec.name))];
}

const longOf = ({ long }: Option): string => long ?? "";

/** Bash and zsh have different completion interfaces. */
function posixScript(shell: "bash" | "zsh", places: readonly Place[]): string {
  const steps = places.filter(({ route }) => route !== "").map(({ route }) => `"${route}"`);
  const words = places.map(
    ({ route, children, options }) =>
      `    "${route}") candidates="${[...children.map(({ name }) => name), ...options.map(longOf)].join(" ")}" ;;`,
  );
  const choices = places.flatMap(({ route, options }) =>
    options.flatMap(({ argChoices = [], long, required }) =>
      !required ? [] : [`    "${route} ${long}") candidates="${argChoices.join(" ")}" ;;`],
    ),
  );
  const { typed, previous, answer, register } = dialects[shell];
  return `# Completion of memory-connector for ${shell}: eval "$(memory-connector completion ${shell})"
_memory_connector() {
  local route="" word candidates=""
  for word in ${typed}; do
    case "\${route:+$route }$word" in
      ${steps.join(" | ")}) route="\${route:+$route }$word" ;;
    esac
  done
  case "$route" in
${words.join("\n")}
  esac
  case "$route ${previous}" in
${choices.join("\n")}
  esac
  ${answer}
}
${register}
`;
}

const dialects = {
  bash: {
    typed: `"\${COMP_WORDS[@]:1:COMP_CWORD-1}"`,
    previous: `\${COMP_WORDS[COMP_CWORD-1]}`,
    answer: `COMPREPLY=($(compgen -W "$candidates" -- "\${COMP_WORDS[COMP_CWORD]}"))`,
    register: "complete -o default -F _memory_connector memory-connector",
  },
  zsh: {
    typed: `"\${(@)words[2,CURRENT-1]}"`,
    previous: `\${words[CURRENT-1]}`,
    answer: `compadd -- \${=candidates} || _files`,
    register: `(( \${+functions[compdef]} )) || { autoload -Uz compinit && compinit; }
compdef _memory_connector memory-connector`,
  },
};

function fishScript(places: readonly Place[]): string {
  const lines = places.flatMap(({ route, children, options }) => [
    ...children.map(({ name, summary }) => fishLine(`${atPlace(route, children)}`, `-f -a ${name}`, summary)),
    ...options.map((option) => fishLine(within(route), fishOption(option), option.description)),
  ]);
  return `# Completion of memory-connector for fish: memory-connector completion fish | source\n${lines.join("\n")}\n`;
}

const within = (route: string): string =>
  route
    .split(" ")
    .map((word) => `__fish_seen_subcommand_from ${word}`)
    .join("; and ");

function atPlace(route: string, children: readonly CommandSpec[]): string {
  if (route === "") return "__fish_use_subcommand";
  return `${within(route)}; and not __fish_seen_subcommand_from ${children.map(({ name }) => name).join(" ")}`;
}

function fishOption(option: Option): string {
  const short = option.short === undefined ? "" : ` -s ${option.short.slice(1)}`;
  const value = option.required || option.optional ? " -r" : "";
  const choices = option.argChoices === undefined ? "" : ` -f -a '${option.argChoices.join(" ")}'`;
  return `-l ${longOf(option).slice(2)}${short}${value}${choices}`;
}

function fishLine(condition: string, what: string, description: string): string {
  const quoted = description.replaceAll("\\", "\\\\").replaceAll("'", "\\'");
  return `complete -c memory-connector -n '${condition}' ${what} -d '${quoted}'`;
}
