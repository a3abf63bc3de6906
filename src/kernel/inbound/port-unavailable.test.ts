import { expect, test } from "vitest";
import { portUnavailable } from "./port-unavailable.ts";

test.each([
  ["EADDRINUSE", "end the other program"],
  ["EADDRNOTAVAIL", "an address of this machine"],
  ["ENOTFOUND", "an address of this machine"],
  ["EACCES", "a port from 1024 on"],
  ["EMFILE", "configure another port"],
])("%s is told with what helps against it", (code, help) => {
  const error = portUnavailable("h", 80, Object.assign(new Error(`listen ${code}`), { code }));
  expect(error).toMatchObject({
    code: "PORT_UNAVAILABLE",
    subject: "h:80",
    message: expect.stringContaining(code),
  });
  expect(error.hint).toContain(help);
});
