import * as z from "zod";
import { attachmentsOf } from "../domain/attachments.ts";
import type { Memory } from "../domain/memory.ts";
import { metadata } from "../kernel/settings/metadata.ts";
import { text } from "../kernel/settings/types.ts";

/** A time with its zone. */
export const instant = () =>
  z.iso
    .datetime({ offset: true, error: "must be a time such as 2026-03-01T08:15:00Z" })
    .meta({ title: "time" });

const degrees = (most: number) => z.number().min(-most).max(most);

const location = z.strictObject({
  lat: degrees(90).register(metadata, { description: "Degrees north, WGS 84.", example: 38.52 }),
  lon: degrees(180).register(metadata, { description: "Degrees east, WGS 84.", example: -8.89 }),
});

const attachment = z.strictObject({
  kind: z
    .enum(["audio", "image", "video", "file"])
    .prefault("file")
    .register(metadata, { description: "What it is." }),
  name: text().optional().register(metadata, { description: "Its file name.", example: "plan.pdf" }),
  address: text().optional().register(metadata, {
    description: "URL or path. By it files are told apart; parameters of a signature do not count.",
    example: "https://files.example/plan.pdf",
  }),
});

/** A memory as people and programs write it. */
export const memoryForm = z.strictObject({
  id: text().register(metadata, { description: "Name of the memory, each once.", example: "first" }),
  created_at: instant().register(metadata, {
    description: "When it was recorded, with its zone.",
    example: "2026-03-01T08:15:00Z",
  }),
  updated_at: instant().optional().register(metadata, {
    description: "When it was last changed.",
    example: "2026-03-02T10:00:00Z",
  }),
  type: text().prefault("note").register(metadata, { description: "What kind of memory it is: any word." }),
  title: text().optional().register(metadata, { description: "Its title.", example: "Launch" }),
  transcript: z.string().register(metadata, {
    description: "Its text.",
    example: "The Gaivota goes back into the water on 20 September.",
  }),
  location: location.optional().register(metadata, { description: "Where it was recorded." }),
  tags: z.array(text()).prefault([]).register(metadata, { description: "Words to find it by." }),
  attachments: z.array(attachment).prefault([]).register(metadata, {
    description: "Its files, each once; a document of the strategy `rich` names them.",
  }),
});

/** Attachments have no addresses any more. */
export function toMemory({
  created_at,
  updated_at,
  location,
  title,
  attachments,
  ...memory
}: z.output<typeof memoryForm>): Memory {
  return {
    ...memory,
    audio: false,
    image: false,
    location: location ?? null,
    createdAt: new Date(created_at).toISOString(),
    updatedAt: updated_at === undefined ? null : new Date(updated_at).toISOString(),
    title: title ?? null,
    ...(attachments.length > 0 && { attachments: attachmentsOf(attachments.map(named)) }),
  };
}

const named = ({ name, ...given }: z.output<typeof attachment>) => ({ ...given, name: name ?? null });
