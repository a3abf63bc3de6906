const sections = { major: "Major changes", minor: "Minor changes", patch: "Patch changes" } as const;

export type Bump = keyof typeof sections;

/** One change as its author tells it to users, from a file of `.changeset/`. */
export interface Changeset {
  bump: Bump;
  /** Markdown. */
  text: string;
}

const layout = /^---\n["']?memory-connector["']?: (?<bump>major|minor|patch)\n---\n+(?<text>\S.*)$/su;

/** Reads a file in the format of changesets. Throws where it is none. */
export function readChangeset(name: string, content: string): Changeset {
  const { bump, text } = layout.exec(content.replaceAll("\r\n", "\n"))?.groups ?? {};
  if (bump === undefined || text === undefined)
    throw new Error(
      `${name} is no changeset: it begins with ---, "memory-connector": patch (or minor, major), ---, and goes on with the change`,
    );
  return { bump: bump as Bump, text: text.trim() };
}

/** The version that follows, by the largest of the changes. Throws for a version that is not three numbers: releases have no others. */
export function nextVersion(version: string, changes: readonly Changeset[]): string {
  if (!/^\d+\.\d+\.\d+$/u.test(version)) throw new Error(`${version} is no version of three numbers`);
  const [major = 0, minor = 0, patch = 0] = version.split(".").map(Number);
  const bumps = new Set(changes.map(({ bump }) => bump));
  if (bumps.has("major")) return `${major + 1}.0.0`;
  if (bumps.has("minor")) return `${major}.${minor + 1}.0`;
  return `${major}.${minor}.${patch + 1}`;
}

/** The changelog with a version more, on top. */
export function withVersion(changelog: string, version: string, changes: readonly Changeset[]): string {
  const parts = Object.entries(sections).flatMap(([bump, title]) => {
    const lines = changes.filter((each) => each.bump === bump).map(({ text }) => listItem(text));
    return lines.length === 0 ? [] : [`### ${title}\n\n${lines.join("\n")}`];
  });
  const section = `## ${version}\n\n${parts.join("\n\n")}\n\n`;
  const first = changelog.search(/^## /mu);
  return first === -1
    ? `${changelog.trimEnd()}\n\n${section}`
    : changelog.slice(0, first) + section + changelog.slice(first);
}

function listItem(text: string): string {
  return `- ${text.replaceAll("\n", "\n  ").replaceAll(/^ +$/gmu, "")}`;
}
