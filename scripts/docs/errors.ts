import { type ErrorCode, errorCodes, type Reaction } from "../../src/kernel/errors/codes.ts";
import { code, generatedNote, page, table } from "./markdown.ts";

const reactions: Readonly<Record<Reaction, string>> = {
  retry: "The same call is tried again, with growing waits.",
  "skip-item": "This one memory becomes a dead letter; the others go on.",
  "stop-run": "The run ends. Nothing is lost; the next run goes on where it stopped.",
  "fix-input": "Nothing was started.",
};

const introduction = `Every error has a code, and a code never changes its name, so that scripts can rely on it. Errors are printed as
\`CODE: what happened · what to do\`, and with \`--json\` as an object with \`code\`, \`message\` and \`hint\`. The hint of a case is
often more exact than the advice in these tables. Where the advice names commands or their options, callers of the API and of tools are told the
same without them.`;

/** The page about error codes, one table for each area: the part of a code before the first underscore. */
export function renderErrors(): string {
  const codes = Object.keys(errorCodes) as ErrorCode[];
  const areas = [...new Set(codes.map(areaOf))].toSorted();
  return page([
    "# Errors",
    generatedNote("src/kernel/errors/codes.ts"),
    introduction,
    "## What the program does",
    table(
      ["reaction", "meaning"],
      Object.entries(reactions).map(([name, meaning]) => [code(name), meaning]),
    ),
    ...areas.flatMap((area) => [`## ${area}`, areaTable(codes.filter((each) => areaOf(each) === area))]),
  ]);
}

const areaOf = (errorCode: ErrorCode): string => errorCode.split("_")[0] ?? errorCode;

function areaTable(codes: readonly ErrorCode[]): string {
  const rows = codes.map((each) => {
    const { meaning, remedy, reaction } = errorCodes[each];
    return [code(each), meaning, sentence(remedy), code(reaction)];
  });
  return table(["code", "meaning", "what to do", "reaction"], rows);
}

const sentence = (text: string): string =>
  `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.?!]$/.test(text) ? "" : "."}`;
