import * as z from "zod";
import { whileServing } from "../../operations/backup/restore-state.ts";
import { route } from "../route.ts";

/** An archive goes into the state where nobody has it open; see `state.restore`. Whoever looks for it here is told what to type. */
export const restore = route({
  method: "POST",
  path: "/restore",
  access: "admin",
  tag: "Service",
  summary: "Say how an archive is restored: not through a running service",
  details:
    "Always answers 409 `RESTORE_WHILE_SERVING`; `hint` has the commands. What is sent along is not read.",
  status: 200,
  answer: z.never(),
  errors: ["RESTORE_WHILE_SERVING"],
  refusal: whileServing,
  handle: async () => {
    throw whileServing();
  },
});
