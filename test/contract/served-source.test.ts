import { joplinWorld } from "../support/joplin-world.ts";
import { memosWorld } from "../support/memos-world.ts";
import { limitlessWorld, omiWorld } from "../support/omi-world.ts";
import { describeServedSource } from "./served-source-suite.ts";

describeServedSource({ name: "Joplin", start: () => joplinWorld() });
// Of the versions, those whose lists differ.
for (const version of ["0.24.4", "0.27.1", "0.30.0"] as const)
  describeServedSource({ name: `Memos ${version}`, start: () => memosWorld(version) });
describeServedSource({ name: "Omi's conversations", start: () => omiWorld(["conversations"]) });
describeServedSource({ name: "Omi's memories", start: () => omiWorld(["memories", "conversations"]) });
describeServedSource({ name: "Limitless", start: () => limitlessWorld() });
